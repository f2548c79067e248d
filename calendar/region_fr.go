// SPDX-License-Identifier: Apache-2.0

package calendar

import (
	"slices"
	"time"
)

// france: eleven days, and two more in the three departments of Alsace-Moselle.
func france() []RegionInfo {
	const code = "Code du travail, art. L3133-1"
	national := []feast{
		day("new-years-day", "Jour de l'an", fixed(time.January, 1)),
		day("easter-monday", "Lundi de Pâques", easter(1)),
		day("labour-day", "Fête du Travail", fixed(time.May, 1)),
		day("victory-day", "Victoire 1945", fixed(time.May, 8)),
		day("ascension-day", "Ascension", easter(39)),
		day("whit-monday", "Lundi de Pentecôte", easter(50)),
		day("bastille-day", "Fête nationale", fixed(time.July, 14)),
		day("assumption-day", "Assomption", fixed(time.August, 15)),
		day("all-saints-day", "Toussaint", fixed(time.November, 1)),
		day("armistice-day", "Armistice 1918", fixed(time.November, 11)),
		day("christmas-day", "Noël", fixed(time.December, 25)),
	}
	alsaceMoselle := slices.Concat(national, []feast{
		day("good-friday", "Vendredi saint", easter(-2)),
		day("saint-stephens-day", "Saint-Étienne", fixed(time.December, 26)),
	})
	const dayOfSolidarity = "The day of solidarity (art. L3133-7) is the employer's choice: " +
		"where it is a holiday that is worked, such as Whit Monday, enter it as your own day."
	regions := []RegionInfo{{Code: "FR", Local: "France", Source: code, Note: dayOfSolidarity, feasts: national}}
	for _, r := range []RegionInfo{
		{Code: "FR-57", Local: "Moselle"},
		{Code: "FR-67", Local: "Bas-Rhin"},
		{Code: "FR-68", Local: "Haut-Rhin"},
	} {
		r.Source = code + " and L3134-13"
		r.Note = "Good Friday is free in communes with a Protestant church or a church of both confessions, " +
			"which the larger ones have; elsewhere enter it as your own day that takes nothing. " + dayOfSolidarity
		r.feasts = alsaceMoselle
		regions = append(regions, r)
	}
	return regions
}
