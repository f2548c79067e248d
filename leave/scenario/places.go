// SPDX-License-Identifier: Apache-2.0

package scenario

import (
	"fmt"
	"slices"
	"strings"

	"verlof/calendar"
)

// region CODE
func (w *world) sayRegion(a *args) error {
	code, err := region(a)
	if err != nil {
		return err
	}
	if err := w.once("write \"moves NAME from DATE REGION\" for somebody who works elsewhere, or \"changes DATE region CODE\"", "region"); err != nil {
		return err
	}
	for _, f := range w.persons {
		if len(f.Requests) > 0 && !w.changing {
			return against(code, "stands above all leave, which counts by the holidays of the region")
		}
	}
	w.region = code
	w.setHolidays()
	return a.done()
}

// region takes the code of a region.
func region(a *args) (string, error) {
	code, err := a.next("the code of a region such as NL or DE-BW")
	if err != nil {
		return "", err
	}
	if _, ok := calendar.Region(code); !ok {
		return "", wrong(code, "is no region whose holidays are known; %s", regionHint(code))
	}
	return code, nil
}

// regionHint says which region may have been meant: one of that name, one in that country, or one of a code like it.
func regionHint(word string) string {
	var codes, within []string
	for _, r := range calendar.Regions() {
		if strings.EqualFold(english().T("region."+r.Code), word) || strings.EqualFold(r.Local, word) || strings.EqualFold(r.Code, word) {
			return fmt.Sprintf("did you mean %q?", r.Code)
		}
		if codes = append(codes, r.Code); strings.EqualFold(r.Country, word) || r.Country == "GB" && strings.EqualFold(word, "UK") {
			within = append(within, r.Code)
		}
	}
	if within != nil {
		return "its holidays differ within the country, so write one of " + strings.Join(within, ", ")
	}
	return meant(word, codes, "those are "+strings.Join(codes, ", "))
}

// moves NAME from DATE REGION: the hours stay as they are.
func (w *world) sayMoves(a *args) error {
	f, d, err := w.aboutSince(a)
	if err != nil {
		return err
	}
	code, err := region(a)
	if err != nil {
		return err
	}
	if err := w.once(later("moves "+f.Person.GivenName+" ..."), "moves", f.Person.GivenName, d.String()); err != nil {
		return err
	}
	c, ok := f.ContractOn(d)
	if !ok {
		return wrong(d.String(), "%s does not work on that day", f.Person.Name())
	}
	c.From, c.Location = d, code
	line(f, c)
	if !slices.Contains(w.elsewhere, code) {
		w.elsewhere = append(w.elsewhere, code)
	}
	w.setHolidays()
	return a.done()
}
