// SPDX-License-Identifier: Apache-2.0

package api

import (
	"context"
	"errors"
	"net/url"

	"verlof/errs"
	"verlof/internal/exact"
	"verlof/leave"
	"verlof/leave/explain"
)

// Consent is what whoever changes what people have left of their leave says to what
// the change does. Without it the change is not made, and the problem holds the
// forecast with its mark: send the same once more with both. They stand in the header,
// since addresses end up in logs.
type Consent struct {
	Mark   string `header:"Change-Mark" maxLength:"64" doc:"Of the forecast that you were shown, where the change moves what people have left of their leave."`
	Tell   bool   `header:"Change-Tell" doc:"Those whose leave it changes are told by email that it was changed, and neither what nor why."`
	Reason string `header:"Change-Reason" maxLength:"6000" doc:"Why: those whose leave it changes may ask. Needed with Change-Mark. What is not ASCII is UTF-8, percent-encoded where a header cannot hold it."`
}

// consent returns what was said, the reason as it was meant: with the escapes of the
// header undone. A percent sign that begins none stands for itself.
func (k Consent) consent() leave.Consent {
	reason := k.Reason
	if plain, err := url.PathUnescape(reason); err == nil {
		reason = plain
	}
	return leave.Consent{Mark: k.Mark, Reason: reason, Tell: k.Tell}
}

// inHeader has a fault of a consent name the field of the header.
func inHeader(err error) error {
	var ready *Problem
	if err == nil || errors.As(err, &ready) {
		return err
	}
	switch e := errs.As(err); e.Field {
	case "reason":
		return e.At("Change-Reason")
	case "mark":
		return e.At("Change-Mark")
	}
	return err
}

// Forecast is what a change would do to people's leave.
type Forecast struct {
	Mark    string   `json:"mark" doc:"Send it with the same change to have it made."`
	Text    string   `json:"text" doc:"What is changed, in the caller's language."`
	People  int      `json:"people" doc:"Whom it concerns."`
	Others  int      `json:"others" doc:"Of how many nothing changes."`
	Effects []Effect `json:"effects" doc:"The greatest first."`
	Stops   []Stop   `json:"stops,omitempty" doc:"What people can no longer report or ask for; left out where there is nothing."`
}

// Stop is something that a change takes from somebody who goes on working.
type Stop struct {
	Person string `json:"person" doc:"Id of the person."`
	Type   string `json:"type" doc:"Id of the leave type."`
	What   string `json:"what" enum:"overtime,purchase,sale"`
	From   Date   `json:"from" doc:"First day."`
}

// Effect is what a change does to one leave type of one person.
type Effect struct {
	Person   string `json:"person" doc:"Id of the person."`
	Type     string `json:"type" doc:"Id of the leave type."`
	Now      Shift  `json:"now" doc:"Today."`
	End      Shift  `json:"end" doc:"At the end of the present leave year."`
	Next     Shift  `json:"next" doc:"At the end of the next leave year."`
	Requests int    `json:"requests" doc:"How many approved requests are corrected."`
}

// Shift is what is left on a day, before a change and after it.
type Shift struct {
	At     Date   `json:"at"`
	Before Amount `json:"before"`
	After  Amount `json:"after"`
}

// apply makes a change that may move what people have left, and returns the id of what
// was saved.
func (c *call) apply(ctx context.Context, ch leave.Change, ok Consent) (string, error) {
	saved, err := c.change(ctx, ch, ok.consent())
	return saved, inHeader(err)
}

// change makes a change with a reason that stands in the body or the header.
func (c *call) change(ctx context.Context, ch leave.Change, ok leave.Consent) (string, error) {
	f, err := c.Leave.Apply(ctx, c.Caller.Person, ch, ok)
	if err == nil {
		return f.Saved, nil
	}
	if errs.As(err).Field != "mark" {
		return "", err
	}
	p := problemOf(c.lang, inHeader(err), c.number)
	p.Forecast = c.forecast(&f)
	return "", p
}

func (c *call) forecast(f *leave.Forecast) *Forecast {
	out := &Forecast{Mark: f.Mark(), Text: c.lang.T("leave.change."+f.Words.Key, explain.Values(c.lang, f.Words.Args)...), People: f.People, Others: f.Others}
	out.Effects = each(f.Effects, c.effect)
	if len(f.Stops) > 0 {
		out.Stops = each(f.Stops, func(s leave.Stop) Stop { return Stop{string(s.Person), s.Type, string(s.What), dated(s.From)} })
	}
	return out
}

func (c *call) effect(e leave.Effect) Effect {
	in := func(v exact.Rat) Amount { return amount(c.lang, v, e.Unit) }
	shift := func(s leave.Shift) Shift { return Shift{At: dated(s.At), Before: in(s.Before), After: in(s.After)} }
	return Effect{Person: string(e.Person), Type: e.Type, Now: shift(e.Now), End: shift(e.End), Next: shift(e.Next), Requests: len(e.Requests)}
}
