// SPDX-License-Identifier: Apache-2.0

package operate

import "strings"

// The names of people who do not exist: common given names before plants, birds
// and instruments that nobody is called by.
var (
	givenNames = strings.Fields(`
		Alice Anna Anton Bas Brian Britta Carla Chloé Clara Daan David Dylan Elin Emma Eva Femke Fiona Frank Gijs Grace
		Greta Hanna Harry Henrik Ines Isla Ivo Jasper Jonas Kai Karin Katja Lars Leah Lena Max Mia Milan Niels Nora
		Olga Oskar Paula Pieter Quinten Ralf Rosa Sander Sofie Tess Tom Udo Ursula Vera Viktor Wiebke Wim Yara Zoë`)
	familyNames = strings.Fields(`
		Avocet Banjo Bassoon Bittern Bluebell Bramble Brambling Bugle Buttercup Celesta Cello Chaffinch Chickadee
		Clarinet Clover Columbine Cornet Cowslip Curlew Daffodil Dahlia Dandelion Dipper Dulcimer Dunlin Fiddle
		Fieldfare Flute Foxglove Gannet Glockenspiel Goldcrest Grebe Harebell Hornbeam Hyssop Jackdaw Juniper Kestrel
		Kingfisher Kittiwake Lapwing Larkspur Lavender Linnet Lupin Lute Magpie Mandolin Marigold Marimba Meadowsweet
		Nasturtium Nettle Nightjar Nuthatch Oboe Oleander Oriole Osprey Peony Periwinkle Petrel Piccolo Pimpernel
		Pipit Plover Primrose Quail Redstart Rowanberry Sandpiper Shrike Siskin Skylark Snowdrop Spoonbill Stonechat
		Tambourine Tamarisk Tansy Thistle Timpani Treecreeper Turnstone Ukulele Wagtail Waxwing Whimbrel Woodcock
		Wormwood Xylophone Yarrow Zither`)
)

// phrases are what the people of a demo write, by language.
type phrases struct {
	notes     []string // beside a request
	reasons   []string // of a refusal
	cancelled string
	taken     string // an adjustment at the start
	sickNote  string // of an officer
	lieu      string // what the work on a Saturday was
	child     string
	correct   string
	moving    string
	closed    string // why an office closes
	parental  string // names of things
	eve       string
	oldYear   string
	early     string // a holiday set
	bridge    string
	second    string
	first     string
	abroad    string
	managers  string
	long      string // names of what decides
	staffing  string
	stock     string
	jubilee   string    // an own day
	changed   [3]string // why something was changed
	patterns  [8]string // names, as in patternTexts
}

// patternTexts are the working patterns besides full time; "%s" is a Monday.
var patternTexts = [8]string{
	"mon-thu", "mon tue thu fri", "mon tue thu", "mon tue thu fri; wed morning", "from %s: mon-fri | mon-thu",
	"mon-fri morning", "mon-fri 7:12", "mon-fri 06:30-10:30 11:00-15:00",
}

var spoken = map[string]phrases{
	"en": {
		notes: []string{"Visiting family", "Long weekend", "School holidays", "A few days by the sea", "Decorating the nursery",
			"My sister's wedding", "Cycling tour", "Concert abroad"},
		reasons: []string{"Two of the team are away that week already. Would the week after do?",
			"We deliver to a customer on these days.", "Please keep this week free for the stocktaking."},
		cancelled: "Plans have changed", taken: "Taken over from the previous administration",
		sickNote: "Spoke by phone. Begins with mornings; the company doctor looks again in three weeks.",
		lieu:     "Stocktaking on Saturday", child: "Mees", correct: "A day was booked twice last year", moving: "Moving house",
		parental: "Parental leave (unpaid)", eve: "Christmas Eve, afternoon", oldYear: "New Year's Eve, afternoon", early: "Offices close early", bridge: "Day after Ascension",
		closed: "The Berlin office closes between Christmas and New Year",
		first:  "Utrecht", second: "Berlin", abroad: "Germany", managers: "Management",
		long: "Long leave", staffing: "Enough engineers", stock: "Stocktaking",
		jubilee: "Anniversary of the company",
		changed: [3]string{"Agreed with the works council: everybody is free on our anniversary", "Works four days a week, as was agreed",
			"28 days were agreed at hiring"},
		patterns: [8]string{"Four days, Friday off", "Four days, Wednesday off", "Three days", "Four and a half days",
			"Every other Friday off", "Mornings", "36 hours", "Early shift"},
	},
	"nl": {
		notes: []string{"Familiebezoek", "Lang weekend", "Schoolvakantie", "Een paar dagen naar zee", "Babykamer schilderen",
			"Bruiloft van mijn zus", "Fietstocht", "Concert in het buitenland"},
		reasons: []string{"Er zijn die week al twee mensen weg. Kan het een week later?",
			"We leveren die dagen aan een klant.", "Hou deze week vrij voor de inventarisatie."},
		cancelled: "De plannen zijn veranderd", taken: "Overgenomen uit de vorige administratie",
		sickNote: "Telefonisch gesproken. Begint met ochtenden; de bedrijfsarts kijkt over drie weken opnieuw.",
		lieu:     "Inventarisatie op zaterdag", child: "Mees", correct: "Vorig jaar is een dag dubbel geboekt", moving: "Verhuizing",
		parental: "Ouderschapsverlof (onbetaald)", eve: "Kerstavond, middag", oldYear: "Oudejaarsdag, middag", early: "Kantoor eerder dicht", bridge: "Dag na Hemelvaart",
		closed: "De vestiging in Berlijn sluit tussen kerst en nieuwjaar",
		first:  "Utrecht", second: "Berlijn", abroad: "Duitsland", managers: "Leiding",
		long: "Lang verlof", staffing: "Genoeg handen", stock: "Inventarisatie",
		jubilee: "Jubileum van het bedrijf",
		changed: [3]string{"Afgesproken met de ondernemingsraad: iedereen is vrij op ons jubileum", "Werkt vier dagen per week, zoals afgesproken",
			"Bij de indiensttreding zijn 28 dagen afgesproken"},
		patterns: [8]string{"Vier dagen, vrijdag vrij", "Vier dagen, woensdag vrij", "Drie dagen", "Vierenhalve dag",
			"Om de vrijdag vrij", "Ochtenden", "36 uur", "Vroege dienst"},
	},
}
