// SPDX-License-Identifier: Apache-2.0

package calendar

import (
	"slices"
	"time"
)

// spanishList is the last year of which the communities' days are known from
// the list in the Boletín Oficial del Estado.
const spanishList = 2026

const (
	spanishLaw = "Estatuto de los Trabajadores, art. 37.2; Real Decreto 2001/1983, art. 45; " +
		"lists of the Dirección General de Trabajo in the BOE for 2015 (BOE-A-2014-10823) to 2026 (BOE-A-2025-21667)"
	spanishNote = "The two local days of each municipality are not included: enter them as your own. A holiday on a Sunday takes " +
		"nothing; the Monday after is free where the community kept it. Years after the last published list have only what the " +
		"community kept year after year, and no Mondays but those that it has announced."
)

// spain: the national days, and what each community published for each year.
// The lists are decided anew each year, so they are years here and not rules.
// They were taken from a transcription of the BOE's tables (2026 was compared with
// a second one), and each list comes to the twelve days of article 37.2, or thirteen where the law
// lets a community add one that is worked back.
func spain() []RegionInfo {
	national := []feast{
		day("new-years-day", "Año Nuevo", fixed(time.January, 1)),
		day("epiphany", "Epifanía del Señor", fixed(time.January, 6)),
		day("good-friday", "Viernes Santo", easter(-2)),
		day("labour-day", "Fiesta del Trabajo", fixed(time.May, 1)),
		day("assumption-day", "Asunción de la Virgen", fixed(time.August, 15)),
		day("national-day-es", "Fiesta Nacional de España", fixed(time.October, 12)),
		day("all-saints-day", "Todos los Santos", fixed(time.November, 1)),
		day("constitution-day-es", "Día de la Constitución Española", fixed(time.December, 6)),
		day("immaculate-conception", "Inmaculada Concepción", fixed(time.December, 8)),
		day("christmas-day", "Natividad del Señor", fixed(time.December, 25)),
	}
	regions := []RegionInfo{{
		Code: "ES", Local: "España", Source: spanishLaw, feasts: national, weekend: sundays(nil),
		Note: "The days that all communities share: choose the community where the person works. " + spanishNote,
	}}
	for _, c := range slices.Concat(communities, autonomousCities) {
		note := spanishNote
		if c.note != "" {
			note = c.note + " " + note
		}
		regions = append(regions, RegionInfo{
			Code: c.code, Local: c.local, Source: spanishLaw, Note: note, ListedUntil: spanishList,
			feasts: slices.Concat(national, c.feasts), weekend: sundays(c.mondays),
		})
	}
	return regions
}

// mondays says in which years a holiday that fell on a Sunday was kept on the
// Monday after (Real Decreto 2001/1983, art. 45.2).
type mondays map[string][]int

type community struct {
	code, local, note string
	mondays           mondays
	feasts            []feast
}

// sundays moves a Sunday's holiday to Monday in the years of kept; in others it
// takes nothing.
func sundays(kept mondays) func([]Holiday) []Holiday {
	return func(days []Holiday) []Holiday {
		for i, h := range days {
			switch {
			case h.Off == Informative || h.Date.Weekday() != time.Sunday:
			case slices.Contains(kept[h.Key], h.Date.Year()):
				days = move(days, i, h.Date+1)
			default:
				days[i].Off = Informative
			}
		}
		return days
	}
}

// The days that several communities keep.
var (
	holyThursday  = day("holy-thursday", "Jueves Santo", easter(-3))
	lunesDePascua = day("easter-monday", "Lunes de Pascua", easter(1))
	sanJose       = day("saint-josephs-day", "San José", fixed(time.March, 19))
	sanJuan       = day("saint-johns-day", "San Juan", fixed(time.June, 24))
	santiago      = day("saint-james-day", "Santiago Apóstol", fixed(time.July, 25))
	corpusEs      = day("corpus-christi", "Corpus Christi", easter(60))
	sanEsteban    = day("saint-stephens-day", "San Esteban", fixed(time.December, 26))
)

// communities are the seventeen.
var communities = []community{
	{
		code: "ES-AN", local: "Andalucía",
		mondays: mondays{
			"new-years-day": {2017, 2023}, "epiphany": {2019}, "andalusia-day": {2016, 2021, 2027},
			"labour-day": {2016, 2022}, "assumption-day": {2021, 2027}, "national-day-es": {2025},
			"all-saints-day": {2015, 2020, 2026}, "constitution-day-es": {2015, 2020, 2026},
			"immaculate-conception": {2019, 2024}, "christmas-day": {2016, 2022},
		},
		feasts: []feast{day("andalusia-day", "Día de Andalucía", fixed(time.February, 28)), holyThursday},
	},
	{
		code: "ES-AR", local: "Aragón",
		mondays: mondays{
			"new-years-day": {2017, 2023}, "epiphany": {2019}, "aragon-day": {2017, 2023},
			"labour-day": {2016, 2022}, "assumption-day": {2021}, "national-day-es": {2025},
			"all-saints-day": {2015, 2020, 2026}, "constitution-day-es": {2015, 2020, 2026},
			"immaculate-conception": {2019, 2024}, "christmas-day": {2016, 2022},
		},
		feasts: []feast{holyThursday, day("aragon-day", "San Jorge / Día de Aragón", fixed(time.April, 23))},
	},
	{
		code: "ES-AS", local: "Principado de Asturias",
		mondays: mondays{
			"new-years-day": {2017, 2023}, "epiphany": {2019}, "labour-day": {2016, 2022},
			"assumption-day": {2021}, "asturias-day": {2019, 2024}, "national-day-es": {2025},
			"all-saints-day": {2015, 2020, 2026}, "constitution-day-es": {2015, 2020, 2026},
			"immaculate-conception": {2019, 2024}, "christmas-day": {2016, 2022},
		},
		feasts: []feast{holyThursday, day("asturias-day", "Día de Asturias", fixed(time.September, 8))},
	},
	{
		code: "ES-CB", local: "Cantabria",
		mondays: mondays{
			"all-saints-day": {2015}, "constitution-day-es": {2026}, "immaculate-conception": {2019},
			"christmas-day": {2016, 2022},
		},
		feasts: []feast{
			holyThursday.except(2018),
			lunesDePascua.in(2015, 2019, 2020, 2024),
			santiago.in(2019, 2024),
			day("cantabria-day", "Día de las Instituciones de Cantabria", fixed(time.July, 28)).except(2015),
			day("bien-aparecida", "La Bien Aparecida", fixed(time.September, 15)),
		},
	},
	{
		code: "ES-CL", local: "Castilla y León",
		mondays: mondays{
			"new-years-day": {2017, 2023}, "epiphany": {2019}, "castile-and-leon-day": {2017},
			"labour-day": {2016, 2022}, "assumption-day": {2021, 2027}, "national-day-es": {2025},
			"all-saints-day": {2015, 2020, 2026}, "constitution-day-es": {2015, 2020, 2026},
			"immaculate-conception": {2019, 2024}, "christmas-day": {2016, 2022},
		},
		feasts: []feast{
			holyThursday,
			day("castile-and-leon-day", "Fiesta de Castilla y León", fixed(time.April, 23)),
			santiago.in(2023),
		},
	},
	{
		code: "ES-CM", local: "Castilla-La Mancha",
		mondays: mondays{"all-saints-day": {2026}, "constitution-day-es": {2015}, "christmas-day": {2016, 2022}},
		feasts: []feast{
			sanJose.in(2020), holyThursday, lunesDePascua.in(2015, 2019, 2020, 2026),
			day("castilla-la-mancha-day", "Día de Castilla-La Mancha", fixed(time.May, 31)),
			corpusEs.except(2018).until(spanishList),
		},
	},
	{
		code: "ES-CN", local: "Canarias",
		note: "The day of each island is not included: enter it as your own.",
		mondays: mondays{
			"epiphany": {2019}, "labour-day": {2016}, "assumption-day": {2021}, "all-saints-day": {2015, 2026},
			"constitution-day-es": {2020}, "christmas-day": {2022},
		},
		feasts: []feast{holyThursday, day("canary-islands-day", "Día de Canarias", fixed(time.May, 30))},
	},
	{
		code: "ES-CT", local: "Cataluña / Catalunya",
		note: "In Arán 17 June takes the place of 26 December. In years with thirteen days one of them is worked back.",
		feasts: []feast{
			lunesDePascua,
			day("whit-monday", "Pascua Granada", easter(50)).in(2016, 2022),
			sanJuan.until(spanishList),
			day("catalonia-day", "Fiesta Nacional de Cataluña", fixed(time.September, 11)),
			sanEsteban,
		},
	},
	{
		code: "ES-EX", local: "Extremadura",
		mondays: mondays{
			"epiphany": {2019}, "saint-josephs-day": {2017}, "labour-day": {2016, 2022}, "extremadura-day": {2019},
			"national-day-es": {2025}, "all-saints-day": {2015, 2020, 2026}, "constitution-day-es": {2015, 2020, 2026},
			"immaculate-conception": {2019, 2024}, "christmas-day": {2016, 2022},
		},
		feasts: []feast{
			day("shrove-tuesday", "Martes de Carnaval", easter(-47)).in(2023, 2024),
			sanJose.in(2017, 2021), holyThursday,
			day("extremadura-day", "Día de Extremadura", fixed(time.September, 8)),
		},
	},
	{
		code: "ES-GA", local: "Galicia",
		mondays: mondays{"all-saints-day": {2015}},
		feasts: []feast{
			sanJose.in(2019, 2020, 2021, 2026),
			day("saint-josephs-day", "Día siguiente a San José", fixed(time.March, 20)).in(2015),
			holyThursday,
			day("galician-literature-day", "Día de las Letras Gallegas", fixed(time.May, 17)),
			sanJuan.in(2016, 2020, 2022, 2026),
			day("galicia-day", "Santiago Apóstol / Día Nacional de Galicia", fixed(time.July, 25)),
		},
	},
	{
		code: "ES-IB", local: "Illes Balears",
		mondays: mondays{
			"balearic-islands-day": {2026}, "all-saints-day": {2015}, "constitution-day-es": {2015, 2020},
			"christmas-day": {2016, 2022},
		},
		feasts: []feast{
			day("balearic-islands-day", "Día de las Illes Balears", fixed(time.March, 1)), holyThursday,
			lunesDePascua.except(2025).until(spanishList), sanEsteban.in(2019, 2020, 2025, 2026),
		},
	},
	{
		code: "ES-MC", local: "Región de Murcia",
		mondays: mondays{
			"new-years-day": {2017, 2023}, "epiphany": {2019}, "labour-day": {2022}, "murcia-day": {2019},
			"constitution-day-es": {2015, 2020, 2026}, "immaculate-conception": {2024}, "christmas-day": {2016, 2022},
		},
		feasts: []feast{
			sanJose.except(2022).until(spanishList), holyThursday,
			day("murcia-day", "Día de la Región de Murcia", fixed(time.June, 9)),
		},
	},
	{
		code: "ES-MD", local: "Comunidad de Madrid",
		mondays: mondays{
			"epiphany": {2019}, "saint-josephs-day": {2017, 2023}, "madrid-day": {2021}, "all-saints-day": {2020, 2026},
			"constitution-day-es": {2020, 2026}, "immaculate-conception": {2019}, "christmas-day": {2016, 2022},
		},
		feasts: []feast{
			sanJose.in(2015, 2017, 2021, 2023), holyThursday,
			day("madrid-day", "Fiesta de la Comunidad de Madrid", fixed(time.May, 2)),
			corpusEs.in(2015), santiago.in(2016, 2022, 2024, 2025),
		},
	},
	{
		code: "ES-NC", local: "Comunidad Foral de Navarra",
		note: "3 December counts as one of the two local days.",
		mondays: mondays{
			"epiphany": {2019}, "all-saints-day": {2026}, "navarre-day": {2017, 2023}, "constitution-day-es": {2020},
			"christmas-day": {2016, 2022},
		},
		feasts: []feast{
			sanJose.in(2015, 2019, 2020, 2021, 2026), holyThursday, lunesDePascua,
			santiago.in(2015, 2016, 2017, 2022, 2023, 2024, 2025),
			day("navarre-day", "San Francisco Javier / Día de Navarra", fixed(time.December, 3)),
		},
	},
	{
		code: "ES-PV", local: "País Vasco / Euskadi",
		feasts: []feast{
			sanJose.in(2015, 2019, 2020, 2021, 2026), holyThursday, lunesDePascua,
			santiago.except(2018).until(spanishList),
			day("basque-government", "80.º aniversario del primer Gobierno Vasco", fixed(time.October, 7)).in(2016),
			day("circumnavigation", "V Centenario de la vuelta al mundo", fixed(time.September, 6)).in(2022),
		},
	},
	{
		code: "ES-RI", local: "La Rioja",
		mondays: mondays{
			"la-rioja-day": {2019, 2024}, "constitution-day-es": {2015, 2020, 2026},
			"immaculate-conception": {2019}, "christmas-day": {2022},
		},
		feasts: []feast{
			holyThursday, lunesDePascua.except(2018).until(spanishList),
			day("la-rioja-day", "Día de La Rioja", fixed(time.June, 9)), santiago.in(2016),
		},
	},
	{
		code: "ES-VC", local: "Comunitat Valenciana",
		mondays: mondays{"constitution-day-es": {2015}, "christmas-day": {2016}},
		feasts: []feast{
			sanJose, holyThursday.in(2016, 2017, 2022), lunesDePascua, sanJuan.since(2019).until(spanishList),
			day("valencian-community-day", "Día de la Comunitat Valenciana", fixed(time.October, 9)),
		},
	},
}

// autonomousCities are Ceuta and Melilla, which keep feasts of the Muslim calendar too, on the dates that
// their lists gave.
var autonomousCities = []community{
	{
		code: "ES-CE", local: "Ceuta",
		mondays: mondays{
			"epiphany": {2019}, "all-saints-day": {2015}, "constitution-day-es": {2015, 2020}, "christmas-day": {2016},
		},
		feasts: []feast{
			holyThursday,
			day("our-lady-of-africa", "Nuestra Señora de África", fixed(time.August, 5)).since(2022).until(spanishList),
			day("ceuta-day", "Día de Ceuta", fixed(time.September, 2)).in(2016, 2017, 2019, 2020, 2021, 2022, 2023, 2026),
			day("eid-al-adha", "Fiesta del Sacrificio (Eidul Adha)", listed(
				"2015-09-25", "2016-09-12", "2017-09-01", "2018-08-22", "2019-08-12", "2020-07-31",
				"2021-07-20", "2022-07-09", "2023-06-29", "2024-06-17", "2025-06-06", "2026-05-27")),
		},
	},
	{
		code: "ES-ML", local: "Melilla",
		mondays: mondays{
			"new-years-day": {2017}, "epiphany": {2019}, "constitution-day-es": {2015, 2020, 2026},
			"immaculate-conception": {2019, 2024}, "christmas-day": {2016, 2022},
		},
		feasts: []feast{
			day("melilla-statute-day", "Estatuto de Autonomía de Melilla", fixed(time.March, 13)).in(2020, 2021),
			sanJose.in(2015, 2016), holyThursday,
			day("eid-al-fitr", "Fiesta del Eid Fitr", listed("2022-05-03", "2023-04-21", "2025-03-31", "2026-03-20")),
			day("eid-al-adha", "Fiesta del Sacrificio (Aid Al Adha)", listed(
				"2015-09-25", "2016-09-12", "2017-09-01", "2018-08-22", "2019-08-12", "2020-07-31",
				"2021-07-21", "2022-07-11", "2023-06-29", "2024-06-17", "2025-06-06", "2026-05-27")),
		},
	},
}
