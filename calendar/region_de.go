// SPDX-License-Identifier: Apache-2.0

package calendar

import (
	"slices"
	"time"
)

// germany: nine days everywhere, and each state's own.
func germany() []RegionInfo {
	common := []feast{
		day("new-years-day", "Neujahr", fixed(time.January, 1)),
		day("good-friday", "Karfreitag", easter(-2)),
		day("easter-monday", "Ostermontag", easter(1)),
		day("labour-day", "Tag der Arbeit", fixed(time.May, 1)),
		day("ascension-day", "Christi Himmelfahrt", easter(39)),
		day("whit-monday", "Pfingstmontag", easter(50)),
		day("german-unity-day", "Tag der Deutschen Einheit", fixed(time.October, 3)),
		day("christmas-day", "1. Weihnachtstag", fixed(time.December, 25)),
		day("second-christmas-day", "2. Weihnachtstag", fixed(time.December, 26)),
	}
	regions := slices.Clone(germanStates)
	for i, r := range regions {
		r.feasts = slices.Concat(common, r.feasts)
		if !slices.ContainsFunc(r.feasts, func(f feast) bool { return f.key == reformationDay.key }) {
			r.feasts = append(r.feasts, reformationDay.in(2017)) // its 500th year, in every state
		}
		regions[i] = r
	}
	return regions
}

var (
	epiphany       = day("epiphany", "Heilige Drei Könige", fixed(time.January, 6))
	womensDay      = day("womens-day", "Internationaler Frauentag", fixed(time.March, 8))
	corpusChristi  = day("corpus-christi", "Fronleichnam", easter(60))
	peaceFestival  = day("peace-festival", "Augsburger Hohes Friedensfest", fixed(time.August, 8))
	assumption     = day("assumption-day", "Mariä Himmelfahrt", fixed(time.August, 15))
	childrensDay   = day("childrens-day", "Weltkindertag", fixed(time.September, 20))
	reformationDay = day("reformation-day", "Reformationstag", fixed(time.October, 31))
	allSaints      = day("all-saints-day", "Allerheiligen", fixed(time.November, 1))
	// The Wednesday before 23 November.
	repentanceDay = day("repentance-day", "Buß- und Bettag", after(-7, func(y int) Date {
		return onOrAfter(time.Wednesday, On(y, time.November, 23))
	}))
)

// germanStates are the states with what they have beyond the common days.
var germanStates = []RegionInfo{
	{
		Code: "DE", Local: "Deutschland", Source: "the nine days common to the holiday laws of all sixteen states",
		Note: "Holidays are the states' to fix: choose the state where the person works.",
	},
	{
		Code: "DE-BB", Local: "Brandenburg", Source: "Feiertagsgesetz Brandenburg (FTG), § 2",
		feasts: []feast{
			day("easter-sunday", "Ostersonntag", easter(0)),
			day("whit-sunday", "Pfingstsonntag", easter(49)),
			reformationDay,
		},
	},
	{
		Code: "DE-BE", Local: "Berlin", Source: "Gesetz über die Sonn- und Feiertage Berlin, § 1",
		feasts: []feast{
			womensDay.since(2019),
			day("liberation-day-de", "Tag der Befreiung", fixed(time.May, 8)).in(2020, 2025),
			day("uprising-1953", "75. Jahrestag des Aufstandes vom 17. Juni 1953", fixed(time.June, 17)).in(2028),
		},
	},
	{
		Code: "DE-BW", Local: "Baden-Württemberg", Source: "Feiertagsgesetz Baden-Württemberg (FTG), § 1",
		feasts: []feast{epiphany, corpusChristi, allSaints},
	},
	{
		Code: "DE-BY", Local: "Bayern", Source: "Bayerisches Feiertagsgesetz (FTG), Art. 1",
		Note: "The Assumption (15 August) is a holiday only in the some 1,700 municipalities with more Catholic than " +
			"Protestant inhabitants, Munich among them: it is shown here and takes nothing; for those municipalities choose " +
			"DE-BY-KATH, for the city of Augsburg DE-BY-AUGS.",
		feasts: []feast{epiphany, corpusChristi, assumption.shown(), allSaints},
	},
	{
		Code: "DE-BY-KATH", Local: "Bayern, überwiegend katholische Gemeinden",
		Source: "Bayerisches Feiertagsgesetz (FTG), Art. 1; list of municipalities of the Bayerisches Landesamt für Statistik",
		feasts: []feast{epiphany, corpusChristi, assumption, allSaints},
	},
	{
		Code: "DE-BY-AUGS", Local: "Stadt Augsburg", Source: "Bayerisches Feiertagsgesetz (FTG), Art. 1 Abs. 1 and 2",
		Note:   "The peace festival is a holiday in the city itself, not in the municipalities around it.",
		feasts: []feast{epiphany, corpusChristi, peaceFestival, assumption, allSaints},
	},
	{
		Code: "DE-HB", Local: "Bremen", Source: "Gesetz über die Sonn-, Gedenk- und Feiertage Bremen, § 2",
		feasts: []feast{reformationDay.since(2017)},
	},
	{
		Code: "DE-HE", Local: "Hessen", Source: "Hessisches Feiertagsgesetz (HFeiertagsG), § 1",
		Note:   "Hesse's law also names every Sunday; Sundays are not listed.",
		feasts: []feast{corpusChristi},
	},
	{
		Code: "DE-HH", Local: "Hamburg", Source: "Feiertagsgesetz Hamburg, § 1",
		feasts: []feast{reformationDay.since(2017)},
	},
	{
		Code: "DE-MV", Local: "Mecklenburg-Vorpommern", Source: "Feiertagsgesetz Mecklenburg-Vorpommern (FTG M-V), § 2",
		feasts: []feast{womensDay.since(2023), reformationDay},
	},
	{
		Code: "DE-NI", Local: "Niedersachsen", Source: "Niedersächsisches Gesetz über die Feiertage (NFeiertagsG), § 2",
		feasts: []feast{reformationDay.since(2017)},
	},
	{
		Code: "DE-NW", Local: "Nordrhein-Westfalen", Source: "Feiertagsgesetz NW, § 2",
		feasts: []feast{corpusChristi, allSaints},
	},
	{
		Code: "DE-RP", Local: "Rheinland-Pfalz", Source: "Feiertagsgesetz Rheinland-Pfalz (LFtG), § 2",
		feasts: []feast{corpusChristi, allSaints},
	},
	{
		Code: "DE-SH", Local: "Schleswig-Holstein", Source: "Gesetz über Sonn- und Feiertage Schleswig-Holstein (SFTG), § 2",
		feasts: []feast{reformationDay.since(2017)},
	},
	{
		Code: "DE-SL", Local: "Saarland", Source: "Feiertagsgesetz Saarland (SFG), § 2",
		feasts: []feast{corpusChristi, assumption, allSaints},
	},
	{
		Code: "DE-SN", Local: "Sachsen", Source: "Gesetz über Sonn- und Feiertage im Freistaat Sachsen (SächsSFG), § 1",
		Note: "Corpus Christi is free only in some Catholic municipalities of the Sorbian area: it is shown and takes nothing; " +
			"for those choose DE-SN-KATH.",
		feasts: []feast{corpusChristi.shown(), reformationDay, repentanceDay},
	},
	{
		Code: "DE-SN-KATH", Local: "Sachsen, Gemeinden mit Fronleichnam",
		Source: "SächsSFG, § 1 Abs. 1 and the Fronleichnamsverordnung, which names the municipalities",
		Note:   "The place of work decides, not where somebody lives.",
		feasts: []feast{corpusChristi, reformationDay, repentanceDay},
	},
	{
		Code: "DE-ST", Local: "Sachsen-Anhalt", Source: "Gesetz über die Sonn- und Feiertage Sachsen-Anhalt (FeiertG LSA), § 2",
		feasts: []feast{epiphany, reformationDay},
	},
	{
		Code: "DE-TH", Local: "Thüringen", Source: "Thüringer Feiertags- und Gedenktagsgesetz (ThürFGtG), § 2",
		Note: "Corpus Christi is free only in some Catholic municipalities, Eichsfeld above all: it is shown and takes nothing; " +
			"for those choose DE-TH-KATH.",
		feasts: []feast{corpusChristi.shown(), childrensDay.since(2019), reformationDay},
	},
	{
		Code: "DE-TH-KATH", Local: "Thüringen, Gemeinden mit Fronleichnam",
		Source: "ThürFGtG, § 2 Abs. 2 and § 10 Abs. 1",
		Note:   "All of the Landkreis Eichsfeld, and parts of Unstrut-Hainich-Kreis and Wartburgkreis.",
		feasts: []feast{corpusChristi, childrensDay.since(2019), reformationDay},
	},
}
