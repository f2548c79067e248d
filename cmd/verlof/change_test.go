// SPDX-License-Identifier: Apache-2.0

//go:build !race

package main

import (
	"testing"

	"verlof/internal/browsertest"
	"verlof/internal/lang"
)

// TestForecast: other hours of somebody are shown with what they do before they are saved;
// back keeps what was chosen, a reason is wanted, and the log has it then.
func TestForecast(t *testing.T) {
	t.Parallel()
	r := newRunning(t)
	for _, v := range []browsertest.View{browsertest.Desk, browsertest.Phone.InDark().WithoutScript().In("nl")} {
		t.Run(v.String(), func(t *testing.T) {
			p, l := r.tab(t, v, "acme", administrator), lang.For(v.Language)
			path := "/manage/people/" + string(r.person("acme", employee).ID) + "/contracts/new"
			p.visit(path)
			from := "2025-03-03"
			if v.Touch {
				from = "2025-04-07"
			}
			p.Fill("[name=from]", from)
			half := p.Value("[name=pattern] option:not(:checked)")
			p.Fill("[name=pattern]", half)
			p.Follow("form.form .btn.primary")
			p.sees(l.T("web.forecast.title"), l.T("web.forecast.list"))
			p.Inspect("forecast")
			p.Follow("[name=change][value=back]")
			if p.Value("[name=from]") != from || p.Value("[name=pattern]") != half {
				t.Errorf("back shows %s, %s", p.Value("[name=from]"), p.Value("[name=pattern]"))
			}
			p.Follow("form.form .btn.primary")
			p.Type("[name=change_reason]", "Agreed long ago")
			p.Follow("[name=change][value=save]")
			p.sees(l.T("web.flash.work-saved"))
			p.visit("/manage/changes")
			p.sees("Agreed long ago")
		})
	}
}
