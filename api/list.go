// SPDX-License-Identifier: Apache-2.0

package api

import (
	"encoding/base64"
	"slices"
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
	compare := func(a, b string) int {
		if newest {
			a, b = b, a
		}
		return strings.Compare(a, b)
	}
	list = slices.Clone(list)
	order.By(list, func(a, b T) int { return compare(key(a), key(b)) })
	if cut.After != "" {
		last, err := openCursor(cut.After)
		if err != nil {
			return Page[T]{}, err
		}
		for len(list) > 0 && compare(key(list[0]), last) <= 0 {
			list = list[1:]
		}
	}
	if len(list) <= cut.Limit {
		return Page[T]{Items: nonNil(list)}, nil
	}
	list = list[:cut.Limit]
	return Page[T]{Items: list, Next: cursor(key(list[len(list)-1]))}, nil
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
	out := make([]B, 0, len(list))
	for _, x := range list {
		out = append(out, f(x))
	}
	return out
}
