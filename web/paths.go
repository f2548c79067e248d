// SPDX-License-Identifier: Apache-2.0

package web

import (
	"net/url"

	"verlof/people"
)

// collectivePath is where the leave lies that was booked for many at once.
const collectivePath = "/collective"

// overviewPath is where everybody's balances stand side by side.
const overviewPath = "/balances"

// figuresPath is where the figures of sickness are.
const figuresPath = "/sickness/figures"

// absencePath returns the address of a report of sickness. It stands in mails to managers, so
// it does not say what it is about.
func absencePath(id string) string { return "/absences/" + id }

// importPath is where a file is handed in; its body may be as large as a file.
const importPath = "/manage/import"

func personPath(id people.ID) string { return "/manage/people/" + url.PathEscape(string(id)) }
