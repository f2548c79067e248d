// SPDX-License-Identifier: Apache-2.0

package api

import (
	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/validation"
)

// literals are the messages of the library that cannot be replaced, and ours.
var literals = map[string]string{
	"required query parameter is missing":  "api.invalid.missing",
	"required path parameter is missing":   "api.invalid.missing",
	"required header parameter is missing": "api.invalid.missing",
	"unknown query parameter":              "api.invalid.unknown",
	"invalid integer":                      "api.invalid.integer",
	"invalid boolean":                      "api.invalid.boolean",
}

// The library writes its findings in English; here it is given keys of our
// catalogues in place of sentences, each with what the sentence needs.
func init() {
	huma.DefaultArrayNullable = false
	for to, key := range map[*string]string{
		&validation.MsgUnexpectedProperty:       "api.invalid.unknown",
		&validation.MsgExpectedRFC3339DateTime:  "api.invalid.time",
		&validation.MsgExpectedRFC3339Date:      "api.invalid.date",
		&validation.MsgExpectedRFC5322Email:     "api.invalid.value|%v",
		&validation.MsgExpectedRFC3986URI:       "api.invalid.value|%v",
		&validation.MsgExpectedBoolean:          "api.invalid.boolean",
		&validation.MsgExpectedNumber:           "api.invalid.integer",
		&validation.MsgExpectedInteger:          "api.invalid.integer",
		&validation.MsgExpectedString:           "api.invalid.text",
		&validation.MsgExpectedArray:            "api.invalid.list",
		&validation.MsgExpectedObject:           "api.invalid.object",
		&validation.MsgExpectedArrayItemsUnique: "api.invalid.unique",
		&validation.MsgExpectedOneOf:            "api.invalid.one_of|%s",
		&validation.MsgExpectedMinimumNumber:    "api.invalid.at_least|%v",
		&validation.MsgExpectedMaximumNumber:    "api.invalid.at_most|%v",
		&validation.MsgExpectedMinLength:        "api.invalid.longer|%d",
		&validation.MsgExpectedMaxLength:        "api.invalid.shorter|%d",
		&validation.MsgExpectedMatchPattern:     "api.invalid.form|%s",
		&validation.MsgExpectedBePattern:        "api.invalid.form|%s",
		&validation.MsgExpectedMinItems:         "api.invalid.more_items|%d",
		&validation.MsgExpectedMaxItems:         "api.invalid.fewer_items|%d",
		&validation.MsgExpectedRequiredProperty: "api.invalid.missing|%s",
	} {
		*to = key
	}
}
