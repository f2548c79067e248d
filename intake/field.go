// SPDX-License-Identifier: Apache-2.0

package intake

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"verlof/internal/lang"
	"verlof/people"
)

// Kind is what the lines of a file are.
type Kind string

// The kinds.
const (
	People   Kind = "people"   // a line for each person
	Absences Kind = "absences" // a line for each absence, with its person
	Balances Kind = "balances" // a line for what somebody has left of one type of leave on a day
)

// Kinds returns them all, in the order in which they are imported.
func Kinds() []Kind { return []Kind{People, Absences, Balances} }

// Field is what a column holds. Its name is stable: flags, forms and catalogue
// keys ("intake.field." before it) use it.
type Field string

// The fields. Nothing marks a column that is left out.
const (
	Nothing    Field = ""
	Number     Field = "number" // the customer's own employee number: the key, where there is one
	Email      Field = "email"  // the key of those without a number
	Given      Field = "given"
	Infix      Field = "infix" // "van der": goes before the family name
	Family     Field = "family"
	Full       Field = "full" // given and family name in one cell
	Born       Field = "born"
	Team       Field = "team"
	Manager    Field = "manager" // number, mail address or name of who leads the team
	Hired      Field = "hired"
	Left       Field = "left" // last day of the employment
	Hours      Field = "hours"
	Percentage Field = "percentage" // of the hours of the default working pattern
	Schedule   Field = "schedule"   // name of a working pattern, or its text form
	Package    Field = "package"
	Location   Field = "location"
	Type       Field = "type"
	From       Field = "from"
	To         Field = "to" // last day of the absence
	FirstPart  Field = "first"
	LastPart   Field = "last"
	Remaining  Field = "balance" // what is left, in the unit of the type
	At         Field = "at"      // the day of which it is
	Until      Field = "until"   // the last day to take it

	// These appear in differences and are no columns.
	Active Field = "active" // may sign in and be booked
	Since  Field = "since"  // first day of another pattern or package

	mended Field = "mended" // the reasons in a file to mend; never offered, always left out
)

// Fields returns the fields that a column of a kind of file may hold, in the
// order in which a page offers them.
func Fields(k Kind) []Field {
	switch k {
	case Absences:
		return []Field{Number, Email, Given, Infix, Family, Full, Team, Type, From, FirstPart, To, LastPart}
	case Balances:
		return []Field{Number, Email, Given, Infix, Family, Full, Type, Remaining, At, Until}
	}
	return []Field{Number, Email, Given, Infix, Family, Full, Born, Team, Manager, Hired, Left, Hours, Percentage,
		Schedule, Package, Location}
}

// isDate reports whether the cells of f are dates.
func (f Field) isDate() bool {
	return f == Born || f == Hired || f == Left || f == From || f == To || f == At || f == Until
}

const typeHeadings = `typeofabsence absencetype leavetype typeofleave type verlofsoort verloftype soortverlof soortafwezigheid
	afwezigheidstype soort abwesenheitsart abwesenheitstyp urlaubsart urlaubstyp artderabwesenheit art`

// headings are the words by which columns are known, as fold writes them; of
// several columns for one field the earliest word wins. Several languages
// stand together: files mix them.
var headings = map[Kind]map[Field]string{
	People: {
		Hired: `dateinservice inservice dateofservice datein hiredate datehired hired startdate startedon employmentstart joindate
			joined datumindienst indienst indienstdatum datumindiensttreding indiensttreding startdatum begindatum aanvangsdatum start
			eintrittsdatum eintritt beschaftigtseit einstellungsdatum`,
		Left: `dateoutofservice outofservice dateout leavedate leavingdate enddate employmentend terminationdate left
			datumuitdienst uitdienst uitdienstdatum datumuitdiensttreding uitdiensttreding einddatum end
			austrittsdatum austritt beschaftigtbis`,
		Born: `dateofbirth birthdate birthday born dob geboortedatum datumgeboorte geboren geburtsdatum geburtstag`,
		Manager: `manager managername manageremail managernumber supervisor linemanager reportsto boss leidinggevende chef teamleider
			teamlead naamleidinggevende nummerleidinggevende emailleidinggevende fuhrungskraft vorgesetzter vorgesetzte teamleitung teamleiter leitung`,
		Hours: `hours weeklyhours hoursperweek hoursaweek contracthours contracturen urenperweek uurperweek aantaluren
			aantalurenperweek weekuren uren wochenstunden stundenprowoche wochenarbeitszeit arbeitsstunden stunden`,
		Percentage: `percentage parttimepercentage percentageparttime fte ftepercentage parttimefactor parttime deeltijdpercentage
			deeltijdfactor dienstverbandpercentage teilzeitquote teilzeitprozent teilzeitfaktor beschaftigungsgrad stellenanteil`,
		Schedule: `schedule schedulename workingpattern workpattern pattern rooster roosternaam werkrooster werkpatroon werktijden arbeitszeitmodell arbeitszeit`,
		Package:  `package leavepackage employment employmentname verlofpakket pakket dienstverband arbeidsvoorwaarden urlaubspaket paket`,
		Location: `location locationname site office locatie vestiging standplaats werklocatie standort buro arbeitsort dienstort niederlassung`,
	},
	Absences: {
		Type:      typeHeadings,
		From:      `startedat startdate datefrom fromdate from start firstday begin begindate begindatum startdatum datumvan eerstedag vanaf van ersterurlaubstag erstertag von ab`,
		To:        `endedat enddate dateto todate to end lastday until till einddatum datumtot laatstedag totenmet tm tot eind enddatum letzterurlaubstag letztertag bis`,
		FirstPart: `startdatetype starttype startpart startdaypart begindagdeel startdagdeel dagdeelvan dagdeelbegin`,
		LastPart:  `enddatetype endtype endpart enddaypart einddagdeel dagdeeltot dagdeeleind`,
	},
	Balances: {
		Type: typeHeadings,
		Remaining: `balance leavebalance remainingbalance remaining remainingdays remaininghours daysremaining daysleft hoursleft left available
			saldo verlofsaldo restsaldo eindsaldo beginsaldo restant resterend resterendedagen tegoed verloftegoed resturlaub restanspruch urlaubssaldo resttage`,
		At: `balancedate asof asat date on saldodatum peildatum datum per perdatum op stichtag stand zum`,
		Until: `expires expireson expiry expirydate expirationdate validuntil validto useby takeby tobetakenby lapses lapseson
			vervalt vervaltop vervaldatum geldigtot geldigtotenmet opnementot opnemenvoor optenemenvoor houdbaartot verfallt verfalltam verfallsdatum gultigbis zunehmenbis`,
	},
}

// personHeadings are the words for who somebody is, in either kind of file.
var personHeadings = map[Field]string{
	Number: `externalnumber externalid extnumber employeenumber employeeno employeenr employeeid personnelnumber staffnumber
		staffid payrollnumber personeelsnummer personeelsnr medewerkernummer medewerkersnummer medewerkernr werknemernummer
		werknemersnummer externnummer personalnummer personalnr mitarbeiternummer mitarbeiternr mitarbeiterid number nummer nr`,
	Email: `emailaddress email emailadres workemail workemailaddress zakelijkemailadres zakelijkemail emailwerk
		mailaddress mailadres mailadresse emailadresse dienstlicheemail mail`,
	Given:  `firstname givenname forename voornaam roepnaam vorname rufname`,
	Infix:  `prefix infix insertion tussenvoegsel tussenvoegsels voorvoegsel voorvoegsels namenszusatz`,
	Family: `lastname surname familyname achternaam familienaam geslachtsnaam nachname familienname`,
	Full:   `fullname displayname employeename employee volledigenaam medewerkernaam medewerker werknemer vollstandigername mitarbeitername mitarbeiter mitarbeiterin mitarbeitende`,
	Team: `department departmentname team teamname dept afdeling afdelingsnaam teamnaam organisatieeenheid abteilung bereich unit
		organisationalunit`,
}

// halfHeadings name a part of the day, of whichever date stands left of it.
var halfHeadings = strings.Fields(`datetype daytype daypart partofday part dagdeel deel`)

// nameHeadings are the given name beside a family name, and else the whole name.
var nameHeadings = strings.Fields(`name naam`)

// rank returns the place of a heading among the words for a field, from 1, and 0
// where it is none of them. Our own name of the field stands behind all others.
func rank(k Kind, f Field, heading string) int {
	text, ok := headings[k][f]
	if !ok {
		text = personHeadings[f]
	}
	words := strings.Fields(text)
	for _, tag := range lang.Tags() {
		words = append(words, fold(lang.For(tag).T("intake.field."+string(f))))
	}
	return slices.Index(words, heading) + 1
}

// fold returns a word without case, accents, spaces and punctuation, so that
// "E-mail address" and "emailaddress" are the same.
func fold(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, norm.NFD.String(s))
}

// same returns a name in the form in which two names are the same: without case
// and with single spaces.
func same(name string) string { return strings.ToLower(tidy(name)) }

// tidy returns a text as people.Tidy keeps it: the same name written by another system is the
// same name.
func tidy(s string) string { return people.Tidy(s) }
