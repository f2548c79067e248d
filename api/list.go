// SPDX-License-Identifier: Apache-2.0

package api

import (
	"encoding/base64"
	"strings"

	"verlof/errs"
	"verlof/internal/order"
)

// Cut is which part of a list is asked for.
type Cut struct {
	Limit int    `query:"limit" minimum:"1" maximum:"200" default:"50" doc:"How many at most."`
	After string `query:"after" maxLength:"200" doc:"The value of next in the part before this one."`
}

// Page is a part of a list.
type Page[T any] struct {
	Items []T    `json:"items" doc:"This part of the list."`
	Next  string `json:"next,omitempty" doc:"Where the list goes on: send it as after. It is missing at the end."`
}

// part cuts a part out of a list: those after the cursor, in the order of their
// keys, which never change. What is added or removed meanwhile moves nothing else,
// so that a caller who goes on sees each other thing once. newest says that the list
// runs from the greatest key to the least.
func part[T any](list []T, cut Cut, newest bool, key func(T) string) (Page[T], error) {
	places, next, err := cut.places(each(list, key), newest)
	if err != nil {
		return Page[T]{}, err
	}
	return Page[T]{Items: each(places, func(at int) T { return list[at] }), Next: next}, nil
}

// places returns where in a list with the keys the things of a part stand, and where the list goes on.
func (c Cut) places(keys []string, newest bool) (places []int, next string, err error) {
	compare := func(a, b string) int {
		if newest {
			a, b = b, a
		}
		return strings.Compare(a, b)
	}
	for i := range keys {
		places = append(places, i)
	}
	order.By(places, func(a, b int) int { return compare(keys[a], keys[b]) })
	if c.After != "" {
		last, err := openCursor(c.After)
		if err != nil {
			return nil, "", err
		}
		for len(places) > 0 && compare(keys[places[0]], last) <= 0 {
			places = places[1:]
		}
	}
	if len(places) > c.Limit {
		places = places[:c.Limit]
		next = cursor(keys[places[c.Limit-1]])
	}
	return places, next, nil
}

// cursorMark begins what a cursor holds, so that another text is not taken for one.
const cursorMark = "1:"

func cursor(key string) string { return base64.RawURLEncoding.EncodeToString([]byte(cursorMark + key)) }

func openCursor(text string) (string, error) {
	b, err := base64.RawURLEncoding.DecodeString(text)
	key, ok := strings.CutPrefix(string(b), cursorMark)
	if err != nil || !ok {
		return "", errs.New(errs.Invalid, "api.invalid.cursor").At("after")
	}
	return key, nil
}

// nonNil returns a list that JSON shows as one where it is empty.
func nonNil[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

// each turns a list into another.
func each[A, B any](list []A, f func(A) B) []B {
	out := make([]B, len(list))
	for i := range list {
		out[i] = f(list[i])
	}
	return out
}
