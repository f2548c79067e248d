// SPDX-License-Identifier: Apache-2.0

package directory

import (
	"net/url"
	"strconv"
	"strings"

	"verlof/internal/scim"
)

// query is what is asked of a list (RFC 7644, section 3.4.2).
type query struct {
	filter       *scim.Filter
	sortBy       *scim.Path
	descending   bool
	start, count int
	view         scim.View
}

// search is a query in a body (RFC 7644, section 3.4.3).
type search struct {
	Attributes         []string `json:"attributes"`
	ExcludedAttributes []string `json:"excludedAttributes"`
	Filter             string   `json:"filter"`
	SortBy             string   `json:"sortBy"`
	SortOrder          string   `json:"sortOrder"`
	StartIndex         *int     `json:"startIndex"`
	Count              *int     `json:"count"`
}

// searchOf reads a query in an address.
func searchOf(q url.Values) (search, error) {
	s := search{Attributes: names(q.Get("attributes")), ExcludedAttributes: names(q.Get("excludedAttributes")), Filter: q.Get("filter"),
		SortBy: q.Get("sortBy"), SortOrder: q.Get("sortOrder")}
	for name, to := range map[string]**int{"startIndex": &s.StartIndex, "count": &s.Count} {
		if text := q.Get(name); text != "" {
			n, err := strconv.Atoi(text)
			if err != nil {
				return s, scim.Bad(scim.InvalidValue, "%s is not a whole number", name)
			}
			*to = &n
		}
	}
	return s, nil
}

func names(list string) []string {
	return strings.FieldsFunc(list, func(r rune) bool { return r == ',' || r == ' ' })
}

// query returns what is asked, as it can be answered: a start before the first and a count
// below none are taken for those, and more than may be told at once is cut.
func (s search) query(k *scim.Kind) (query, error) {
	q := query{start: 1, count: usualCount, descending: strings.EqualFold(s.SortOrder, "descending")}
	if s.StartIndex != nil {
		q.start = max(1, *s.StartIndex)
	}
	if s.Count != nil {
		q.count = min(max(0, *s.Count), maxCount)
	}
	var err error
	if q.view, err = k.ParseView(s.Attributes, s.ExcludedAttributes); err != nil {
		return q, err
	}
	if strings.TrimSpace(s.Filter) != "" {
		if q.filter, err = k.ParseFilter(s.Filter); err != nil {
			return q, err
		}
	}
	if s.SortBy != "" {
		p, err := k.ParsePath(s.SortBy)
		if err != nil {
			return q, err
		}
		q.sortBy = &p
	}
	return q, nil
}

// list answers with the part of a list that was asked for (RFC 7644, section 3.4.2.4).
// Without another order it is that of the ids, which never change.
func (c *call) list(k *scim.Kind, all []scim.Object, q query) (answer, error) {
	found := all
	if q.filter != nil {
		found = nil
		for _, o := range all {
			if q.filter.Match(o) {
				found = append(found, o)
			}
		}
	}
	if q.sortBy != nil {
		scim.Sort(found, *q.sortBy, q.descending)
	}
	from := min(q.start-1, len(found))
	page := found[from:min(from+q.count, len(found))]
	shown := make([]any, len(page))
	for i, o := range page {
		shown[i] = q.view.Show(o)
	}
	return answer{status: 200, body: scim.Object{"schemas": []any{listURN}, "totalResults": len(found), "startIndex": q.start,
		"itemsPerPage": len(shown), "Resources": shown}}, nil
}
