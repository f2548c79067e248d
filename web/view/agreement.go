// SPDX-License-Identifier: Apache-2.0

package view

import (
	"time"

	"verlof/identity/openid"
	"verlof/web/page"
)

// AgreementLine is what an application may do in somebody's name.
type AgreementLine struct {
	Client, Name string
	Scopes       []string // what it may, in words
	Since, Used  string
	End          string // where a form ends it
}

// AgreementLines are what applications may do in somebody's name. end returns where a form
// ends what a client may.
func AgreementLines(v *page.Visit, list []openid.Agreement, end func(client string) string) []AgreementLine {
	var out []AgreementLine
	for i := range list {
		a := &list[i]
		x := AgreementLine{Client: a.Client.ID, Name: a.Client.Name, Since: v.Lang.T("agreed.since", "time", at(v, a.Since)), Used: v.Lang.T("agreed.unused"), End: end(a.Client.ID)}
		if !a.Used.IsZero() {
			x.Used = v.Lang.T("agreed.used", "time", at(v, a.Used))
		}
		for _, name := range a.Scope.List() {
			x.Scopes = append(x.Scopes, v.Lang.T("openid.scope."+name))
		}
		out = append(out, x)
	}
	return out
}

func at(v *page.Visit, t time.Time) string { return v.Lang.DateTime(t.UnixMicro(), v.Zone) }
