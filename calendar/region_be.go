// SPDX-License-Identifier: Apache-2.0

package calendar

import "time"

// belgium: ten days; one that falls on a Sunday or on a usual day without work
// is replaced by a day that the enterprise agrees on, which is the customer's
// own to enter.
func belgium() []RegionInfo {
	return []RegionInfo{{
		Code:   "BE",
		Local:  "België / Belgique / Belgien",
		Source: "Wet van 4 januari 1974 betreffende de feestdagen; koninklijk besluit van 18 april 1974, art. 1",
		Note: "A holiday on a Sunday or a usual day without work is replaced by a day that the enterprise fixes " +
			"(law of 4 January 1974, art. 6 to 8): enter that day as your own.",
		feasts: []feast{
			day("new-years-day", "Nieuwjaar / Jour de l'an", fixed(time.January, 1)),
			day("easter-monday", "Paasmaandag / Lundi de Pâques", easter(1)),
			day("labour-day", "Feest van de Arbeid / Fête du Travail", fixed(time.May, 1)),
			day("ascension-day", "Onze-Lieve-Heer-Hemelvaart / Ascension", easter(39)),
			day("whit-monday", "Pinkstermaandag / Lundi de Pentecôte", easter(50)),
			day("national-day-be", "Nationale feestdag / Fête nationale", fixed(time.July, 21)),
			day("assumption-day", "Onze-Lieve-Vrouw-Hemelvaart / Assomption", fixed(time.August, 15)),
			day("all-saints-day", "Allerheiligen / Toussaint", fixed(time.November, 1)),
			day("armistice-day", "Wapenstilstand / Armistice", fixed(time.November, 11)),
			day("christmas-day", "Kerstmis / Noël", fixed(time.December, 25)),
		},
	}}
}
