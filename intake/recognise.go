// SPDX-License-Identifier: Apache-2.0

package intake

import (
	"io"
	"net/mail"
	"slices"
	"strconv"
	"strings"

	"verlof/errs"
	"verlof/internal/lang"
	"verlof/internal/sheet"
)

// Source is a file as somebody hands it in.
type Source struct {
	Name string // as its owner calls it
	io.Reader
}

// File is a file that has been read and recognised, as far as it could be.
type File struct {
	Name    string
	Kind    Kind
	Columns []Column // as many as the heading has
	Dates   Dates
	Notes   []Note // about the file as a whole

	sheet   *sheet.Sheet
	at      map[Field]int // index of the column that holds a field
	clashes []clash
}

// Column is one column and what it is taken for.
type Column struct {
	Number  int    // from 1
	Letters string // as spreadsheets name it
	Heading string
	Field   Field
	ByValue bool     // taken for Field because of its values; its heading tells nothing
	Samples []string // its first different values, at most three
}

// clash is a field that two columns claim with the same heading.
type clash struct {
	field  Field
	column int
	other  int
}

// Open reads a file and recognises its kind, its columns and how it writes
// dates, as far as o does not say so. Every error about the file or about o is
// Invalid. What is missing for an import is told by Problem, so that a page can
// show the columns and ask.
func Open(src Source, o Options) (*File, error) {
	if o.Kind != "" && !slices.Contains(Kinds(), o.Kind) {
		return nil, errs.New(errs.Invalid, "intake.error.kind", "word", string(o.Kind)).At("kind")
	}
	s, err := sheet.Read(src, sheet.Usual)
	if err != nil {
		return nil, err
	}
	if slices.ContainsFunc(s.Header, isMail) {
		return nil, errs.New(errs.Invalid, "intake.error.no_heading", "line", s.HeaderLine)
	}
	f := &File{Name: src.Name, Kind: o.Kind, sheet: s}
	told := f.columns()
	chosen, err := o.chosen(s.Header)
	if err != nil {
		return nil, err
	}
	f.recognise(chosen)
	f.samples()
	if o.DateFormat != "" {
		told = o.DateFormat
	}
	if f.Dates, err = f.dates(told); err != nil {
		return nil, err
	}
	f.notes()
	return f, nil
}

// columns lists the columns. It returns the date format that the heading of the
// reasons tells where this is a file to mend.
func (f *File) columns() (dateFormat string) {
	for i, h := range f.sheet.Header {
		c := Column{Number: i + 1, Letters: sheet.Letters(i), Heading: tidy(h)}
		for _, tag := range lang.Tags() {
			if rest, ok := strings.CutPrefix(c.Heading, lang.For(tag).T("intake.mend.heading")); ok {
				c.Field = mended
				if rest = strings.Trim(rest, " []"); slices.Contains(dateFormats, rest) {
					dateFormat = rest
				}
			}
		}
		f.Columns = append(f.Columns, c)
	}
	return dateFormat
}

// recognise decides which column holds what, for the kind that explains more of
// the columns. A list of absences says what kind of absence and from when; one of balances
// what kind and how much is left.
func (f *File) recognise(chosen map[int]Field) {
	if f.Kind == "" {
		absences, _ := f.guess(Absences, chosen)
		persons, _ := f.guess(People, chosen)
		balances, _ := f.guess(Balances, chosen)
		f.Kind = People
		switch {
		case has(absences, Type) && has(absences, From) && len(absences) >= len(persons):
			f.Kind = Absences
		case has(balances, Type) && has(balances, Remaining) && len(balances) >= len(persons):
			f.Kind = Balances
		}
	}
	f.at, f.clashes = f.guess(f.Kind, chosen)
	for field, i := range f.at {
		f.Columns[i].Field = field
	}
	f.byValue(chosen)
}

// guess finds the column of each field of a kind by its heading.
func (f *File) guess(k Kind, chosen map[int]Field) (at map[Field]int, clashes []clash) {
	at = map[Field]int{}
	for i, field := range chosen {
		if field != Nothing {
			at[field] = i
		}
	}
	fixed := func(field Field) bool { i, ok := at[field]; _, is := chosen[i]; return ok && is }
	best := map[Field]int{}
	for i, c := range f.Columns {
		if _, is := chosen[i]; is || c.Field == mended {
			continue
		}
		for _, field := range Fields(k) {
			r := rank(k, field, fold(c.Heading))
			switch {
			case r == 0 || fixed(field):
			case best[field] == r:
				clashes = append(clashes, clash{field, i, at[field]})
			case best[field] == 0 || r < best[field]:
				at[field], best[field] = i, r
			}
		}
	}
	f.vague(k, at, chosen)
	return at, clashes
}

// vague adds the columns whose heading says what it means only beside another
// one: "name", and the part of whichever date stands to the left.
func (f *File) vague(k Kind, at map[Field]int, chosen map[int]Field) {
	var date Field
	for i, c := range f.Columns {
		if _, is := chosen[i]; is {
			continue
		}
		heading := fold(c.Heading)
		field := Nothing
		switch {
		case at[From] == i && has(at, From):
			date = FirstPart
		case at[To] == i && has(at, To):
			date = LastPart
		case slices.Contains(nameHeadings, heading) && has(at, Family):
			field = Given
		case slices.Contains(nameHeadings, heading):
			field = Full
		case k == Absences && slices.Contains(halfHeadings, heading):
			field = date
		}
		if field != Nothing && !has(at, field) {
			at[field] = i
		}
	}
}

func has(at map[Field]int, field Field) bool { _, ok := at[field]; return ok }

// byValue finds mail addresses under a heading that does not say so.
func (f *File) byValue(chosen map[int]Field) {
	if has(f.at, Email) {
		return
	}
	for i := range f.Columns {
		c := &f.Columns[i]
		if _, is := chosen[i]; is || c.Field != Nothing {
			continue
		}
		seen, mails := 0, 0
		for _, row := range f.sheet.Rows[:min(len(f.sheet.Rows), 200)] {
			if v := strings.TrimSpace(row.Cells[i]); v != "" {
				seen++
				if isMail(v) {
					mails++
				}
			}
		}
		if mails > 0 && mails*10 >= seen*8 {
			c.Field, c.ByValue, f.at[Email] = Email, true, i
			return
		}
	}
}

func (f *File) samples() {
	for i := range f.Columns {
		c := &f.Columns[i]
		for _, row := range f.sheet.Rows[:min(len(f.sheet.Rows), 200)] {
			v := tidy(row.Cells[i])
			if v != "" && !slices.Contains(c.Samples, v) {
				c.Samples = append(c.Samples, v)
			}
			if len(c.Samples) == 3 {
				break
			}
		}
	}
}

// needed are the columns without which a file of a kind says nothing.
var needed = map[Kind][]Field{Absences: {Type, From, To}, Balances: {Type, Remaining}}

// Problem returns why the file cannot be imported whatever its lines hold: a
// column that is missing or of which there are two, or no line at all.
func (f *File) Problem() error {
	for _, c := range f.clashes {
		if f.at[c.field] == c.other {
			return errs.New(errs.Invalid, "intake.error.twice", "heading", f.Columns[c.column].Heading,
				"first", sheet.Letters(c.other), "second", sheet.Letters(c.column)).At(string(c.field))
		}
	}
	if !has(f.at, Number) && !has(f.at, Email) {
		return errs.New(errs.Invalid, "intake.error.missing.email").At(string(Email))
	}
	for _, field := range needed[f.Kind] {
		if !has(f.at, field) {
			return errs.New(errs.Invalid, "intake.error.missing."+string(field)).At(string(field))
		}
	}
	if len(f.sheet.Rows) == 0 {
		return errs.New(errs.Invalid, "intake.error.only_heading", "line", f.sheet.HeaderLine)
	}
	return nil
}

// notes says what is worth knowing about the file before its lines are read.
func (f *File) notes() {
	if e := f.sheet.Encoding; e != "" && e != "UTF-8" {
		f.note(0, "intake.note.encoding", "encoding", e)
	}
	if len(f.sheet.Others) > 0 {
		f.note(0, "intake.note.sheets", "name", f.sheet.Name, "others", strings.Join(f.sheet.Others, ", "))
	}
	if len(f.sheet.Unseen) > 0 {
		f.note(0, "intake.note.hidden_sheets", "others", strings.Join(f.sheet.Unseen, ", "))
	}
	if n := len(f.sheet.Hidden); n > 0 {
		f.note(0, "intake.note.hidden_rows", "count", n, "lines", stretches(f.sheet.Hidden))
	}
	for _, c := range f.Columns {
		if c.ByValue {
			f.note(c.Number, "intake.note.by_value", "column", c.Letters)
		}
	}
	if d := f.Dates; len(d.Others) > 0 {
		f.note(0, "intake.note.dates", "format", d.Format, "others", strings.Join(d.Others, ", "))
	}
}

// mostStretches is how many stretches of lines are named in a note.
const mostStretches = 10

// stretches names lines, which are in order: "3, 7–12". Where there are too many, "…" stands for the rest.
func stretches(lines []int) string {
	var out []string
	for i := 0; i < len(lines); {
		last := i
		for last+1 < len(lines) && lines[last+1] == lines[last]+1 {
			last++
		}
		text := strconv.Itoa(lines[i])
		if last > i {
			text += "–" + strconv.Itoa(lines[last])
		}
		if len(out) == mostStretches {
			return strings.Join(append(out, "…"), ", ")
		}
		out, i = append(out, text), last+1
	}
	return strings.Join(out, ", ")
}

func (f *File) note(column int, key string, args ...any) {
	f.Notes = append(f.Notes, Note{Column: column, Key: key, Args: args})
}

// isMail reports whether s is one mail address and nothing else.
func isMail(s string) bool {
	if !strings.Contains(s, "@") {
		return false
	}
	a, err := mail.ParseAddress(s)
	return err == nil && a.Address == s && len(s) <= 254
}

// heading returns how a column is named to a person: its letters and heading.
func (f *File) heading(column int) string {
	if column < 1 || column > len(f.Columns) {
		return strconv.Itoa(column)
	}
	c := f.Columns[column-1]
	return strings.TrimSpace(c.Letters + " " + c.Heading)
}
