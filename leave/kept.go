// SPDX-License-Identifier: Apache-2.0

package leave

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"verlof/calendar"
	"verlof/internal/exact"
)

// keptText is the form in which a database holds what a closing keeps. It is read by
// every later version: fields are added, never renamed, and the keys of reasons in it
// stay in the catalogues.
type keptText struct {
	Years   []calendar.Range `json:"years,omitempty"`
	Lines   []keptLine       `json:"lines,omitempty"`
	Buckets []keptBucket     `json:"buckets,omitempty"`
}

type keptLine struct {
	Date    calendar.Date    `json:"on"`
	Until   calendar.Date    `json:"to,omitzero"`
	Kind    LineKind         `json:"kind"`
	Amount  exact.Rat        `json:"amount,omitzero"`
	Year    int              `json:"year,omitzero"`
	Request string           `json:"request,omitzero"`
	Pending bool             `json:"pending,omitzero"`
	Undone  bool             `json:"undone,omitzero"`
	Formula [][]exact.Rat    `json:"formula,omitempty"` // base, then part and whole of each fraction
	Why     [][]string       `json:"why,omitempty"`     // key, then the values as encodeValue writes them
	Draws   []keptDraw       `json:"draws,omitempty"`
	Differs []keptDifference `json:"differs,omitempty"`
}

type keptDraw struct {
	Year    int       `json:"year,omitzero"`
	Carried bool      `json:"carried,omitzero"`
	Due     *Due      `json:"due,omitempty"`
	Amount  exact.Rat `json:"amount"`
}

type keptDifference struct {
	Kind    LineKind      `json:"kind"`
	Date    calendar.Date `json:"on,omitzero"`
	Until   calendar.Date `json:"to,omitzero"`
	Year    int           `json:"year,omitzero"`
	Request string        `json:"request,omitzero"`
	Was     exact.Rat     `json:"was,omitzero"`
	Is      exact.Rat     `json:"is,omitzero"`
}

type keptBucket struct {
	Year    int           `json:"year,omitzero"`
	Class   Class         `json:"class,omitzero"`
	From    calendar.Date `json:"on"`
	Until   calendar.Date `json:"to"`
	Carried bool          `json:"carried,omitzero"`
	Due     *Due          `json:"due,omitempty"`
	States  []keptState   `json:"states"`
}

type keptState struct {
	Date   calendar.Date `json:"on"`
	Amount exact.Rat     `json:"amount,omitzero"`
	Taken  exact.Rat     `json:"taken,omitzero"`
	Left   exact.Rat     `json:"left,omitzero"`
}

// Text writes what is kept as a database holds it.
func (k *Kept) Text() (string, error) {
	out := keptText{Years: k.Years}
	for i := range k.Lines {
		l, err := k.Lines[i].keep()
		if err != nil {
			return "", err
		}
		out.Lines = append(out.Lines, l)
	}
	for i := range k.Buckets {
		b := &k.Buckets[i]
		x := keptBucket{Year: b.Year, Class: b.Class, From: b.From, Until: b.Until, Carried: b.Carried, Due: b.Due}
		for _, s := range b.States {
			x.States = append(x.States, keptState(s))
		}
		out.Buckets = append(out.Buckets, x)
	}
	text, err := json.Marshal(out)
	return string(text), err
}

// ParseKept reads what Text writes.
func ParseKept(text string) (*Kept, error) {
	var in keptText
	if err := json.Unmarshal([]byte(text), &in); err != nil {
		return nil, fmt.Errorf("read a closed year: %w", err)
	}
	k := &Kept{Years: in.Years, Lines: make([]Line, 0, len(in.Lines))}
	for i := range in.Lines {
		l, err := in.Lines[i].line()
		if err != nil {
			return nil, fmt.Errorf("read a closed year: %w", err)
		}
		k.Lines = append(k.Lines, l)
	}
	for _, b := range in.Buckets {
		x := KeptBucket{Bucket: Bucket{Year: b.Year, Class: b.Class, From: b.From, Until: b.Until, Carried: b.Carried, Due: b.Due}}
		for _, s := range b.States {
			x.States = append(x.States, BucketState(s))
		}
		x.Bucket, _ = x.on(never)
		k.Buckets = append(k.Buckets, x)
	}
	return k, nil
}

func (l *Line) keep() (keptLine, error) {
	out := keptLine{Date: l.Date, Until: l.Until, Kind: l.Kind, Amount: l.Amount, Year: l.Year, Request: l.Request, Pending: l.Pending, Undone: l.Undone}
	for _, p := range l.Formula {
		term := []exact.Rat{p.Base}
		for _, f := range p.Factor {
			term = append(term, f.Part, f.Of)
		}
		out.Formula = append(out.Formula, term)
	}
	for _, r := range l.Why {
		x := []string{r.Key}
		for _, v := range r.Args {
			text, err := encodeValue(v)
			if err != nil {
				return out, fmt.Errorf("reason %s: %w", r.Key, err)
			}
			x = append(x, text)
		}
		out.Why = append(out.Why, x)
	}
	for _, d := range l.Draws {
		out.Draws = append(out.Draws, keptDraw(d))
	}
	for _, d := range l.Differs {
		out.Differs = append(out.Differs, keptDifference(d))
	}
	return out, nil
}

func (x *keptLine) line() (Line, error) {
	l := Line{Date: x.Date, Until: x.Until, Kind: x.Kind, Amount: x.Amount, Year: x.Year, Request: x.Request, Pending: x.Pending, Undone: x.Undone}
	for _, term := range x.Formula {
		if len(term)%2 == 0 {
			return l, fmt.Errorf("a formula of %d numbers", len(term))
		}
		p := Product{Base: term[0]}
		for i := 1; i < len(term); i += 2 {
			p.Factor = append(p.Factor, Ratio{term[i], term[i+1]})
		}
		l.Formula = append(l.Formula, p)
	}
	for _, why := range x.Why {
		if len(why) == 0 {
			return l, fmt.Errorf("a reason without a key")
		}
		r := Reason{Key: why[0]}
		for _, text := range why[1:] {
			v, err := decodeValue(text)
			if err != nil {
				return l, fmt.Errorf("reason %s: %w", r.Key, err)
			}
			r.Args = append(r.Args, v)
		}
		l.Why = append(l.Why, r)
	}
	for _, d := range x.Draws {
		l.Draws = append(l.Draws, Draw(d))
	}
	for _, d := range x.Differs {
		l.Differs = append(l.Differs, Difference(d))
	}
	return l, nil
}

// encodeValue writes a value of a reason: a letter that tells its type, and the value.
func encodeValue(v any) (string, error) {
	switch v := v.(type) {
	case string:
		return "s" + v, nil
	case int:
		return "i" + strconv.Itoa(v), nil
	case calendar.Date:
		return "d" + v.String(), nil
	case exact.Rat:
		return "n" + v.String(), nil
	case Amount:
		return "a" + v.Value.String() + " " + string(v.Unit), nil
	case Ratio:
		return "r" + v.Part.String() + " " + v.Of.String(), nil
	}
	return "", fmt.Errorf("a value of type %T", v)
}

// decodeValue reads what encodeValue writes.
func decodeValue(text string) (any, error) {
	if text == "" {
		return nil, fmt.Errorf("an empty value")
	}
	first, second, _ := strings.Cut(text[1:], " ")
	switch text[0] {
	case 's':
		return text[1:], nil
	case 'i':
		return strconv.Atoi(text[1:])
	case 'd':
		var d calendar.Date
		err := d.UnmarshalText([]byte(text[1:]))
		return d, err
	case 'n':
		return decodeNumber(text[1:])
	case 'a':
		v, err := decodeNumber(first)
		return Amount{v, Unit(second)}, err
	case 'r':
		part, err := decodeNumber(first)
		if err != nil {
			return nil, err
		}
		of, err := decodeNumber(second)
		return Ratio{part, of}, err
	}
	return nil, fmt.Errorf("a value that begins with %q", text[0])
}

// decodeNumber reads a number however long it was written: exact.Parse takes only what a
// person would type.
func decodeNumber(text string) (n exact.Rat, err error) {
	err = n.UnmarshalText([]byte(text))
	return n, err
}
