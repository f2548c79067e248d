// SPDX-License-Identifier: Apache-2.0

package upkeep

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"verlof/calendar"
	"verlof/events"
	"verlof/people"
	"verlof/tenant"
	"verlof/web/page"
	"verlof/web/template"
	"verlof/web/view"
)

const webhooksPath = "/manage/webhooks"

// webhooksPage lists the addresses to which events are sent.
type webhooksPage struct {
	Frame template.Page
	Lines []events.Webhook
	All   bool // the visitor keeps people and rules too
	Zone  *time.Location
}

// showWebhooks handles GET /manage/webhooks.
func showWebhooks(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	v := page.VisitOf(r)
	list, err := t.Events.Webhooks(r.Context(), v.Person)
	if err != nil {
		return err
	}
	p := webhooksPage{Frame: page.ManageFrame(w, r, v.Lang.T("admin.webhooks"), webhooksPath), Lines: list, All: v.Viewer.IsAdministrator(), Zone: v.Zone}
	return page.Render(w, r, http.StatusOK, webhooksView(p))
}

// health tells how a webhook does.
func (p *webhooksPage) health(h events.Webhook) view.Badge { return healthOf(p.Frame, h) }

func healthOf(f template.Page, h events.Webhook) view.Badge {
	switch {
	case h.State == events.HookOff:
		return view.Badge{Tone: template.Info, Text: f.L.T("admin.webhooks.off")}
	case h.State == events.HookBroken:
		return view.Badge{Tone: template.Bad, Text: f.L.T("admin.webhooks.broken")}
	case !h.Failing.IsZero():
		return view.Badge{Tone: template.Warn, Text: f.L.T("admin.webhooks.failing")}
	}
	return view.Badge{Tone: template.Good, Text: f.L.T("admin.webhooks.on")}
}

// chosen says which events a webhook gets.
func (p *webhooksPage) chosen(h events.Webhook) string {
	if len(h.Types) == 0 {
		return p.Frame.L.T("admin.webhooks.types.all")
	}
	return strings.Join(h.Types, ", ")
}

// webhookPage is where a webhook is made or changed, with what was sent to it.
type webhookPage struct {
	Frame  template.Page
	Form   *page.Form
	Hook   events.Webhook // without an ID for a new one
	Lines  []events.Delivery
	Secret events.Secret // just made: shown once
	All    bool          // the visitor keeps people and rules too
	Sick   bool          // and is told of sickness
	Open   bool          // nothing of sickness keeps them from it
	Sends  bool          // they may have something sent
	Zone   *time.Location
	Today  calendar.Date
}

func (p *webhookPage) path() string {
	if p.Hook.ID == "" {
		return webhooksPath + "/new"
	}
	return webhooksPath + "/" + p.Hook.ID
}

// showNewWebhook handles GET /manage/webhooks/new.
func showNewWebhook(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	return renderWebhook(w, r, t, webhookPage{Form: page.BlankForm(r)})
}

// showWebhook handles GET /manage/webhooks/{id}.
func showWebhook(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	p, err := webhookOf(r, t)
	if err != nil {
		return err
	}
	p.Form = drawWebhook(page.VisitOf(r), &p.Hook).Form()
	return renderWebhook(w, r, t, p)
}

// drawWebhook is a webhook as its form shows it.
func drawWebhook(v *page.Visit, h *events.Webhook) *page.Drawn {
	d := page.Draw(v.Lang)
	d.Text("url", "", h.URL)
	d.Text("description", "", h.Description)
	d.Many("types", v.Lang.T("admin.webhooks.types"), openTypes(v, h.Types), func(one string) string {
		if name := strings.TrimSuffix(one, ".*"); name != one && events.IsKind(name) {
			return v.Lang.T("event." + name)
		}
		return one
	})
	d.Tick("off", v.Lang.T("admin.webhooks.off.tick"), h.State == events.HookOff)
	return d
}

// openTypes are the types that a visitor may choose: what they save is without the others.
func openTypes(v *page.Visit, types []string) []string {
	return slices.DeleteFunc(slices.Clone(types), func(one string) bool {
		return events.Webhook{Types: events.Filter{one}}.OpenTo(v.Viewer) != nil
	})
}

func webhookOf(r *http.Request, t *tenant.Tenant) (p webhookPage, err error) {
	p.Hook, err = t.Events.Webhook(r.Context(), page.VisitOf(r).Person, r.PathValue("id"))
	return p, err
}

func wishOf(f *page.Form) events.Wish {
	return events.Wish{URL: f.Text("url"), Description: f.Text("description"), Types: f.Values["types"], Off: f.Has("off", "yes")}
}

// addWebhook handles POST /manage/webhooks/new. The answer holds the secret, which nobody
// sees again.
func addWebhook(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	p := webhookPage{Form: f}
	made, err := f.Attempt(func() (err error) {
		p.Hook, err = t.Events.Add(r.Context(), page.VisitOf(r).Person, wishOf(f))
		return err
	})
	switch {
	case err != nil:
		return err
	case made:
		p.Secret = p.Hook.Secret
		return renderWebhookSecret(w, r, p)
	}
	return renderWebhook(w, r, t, p)
}

// saveWebhook handles POST /manage/webhooks/{id}.
func saveWebhook(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	var p webhookPage
	draw := func() (_ *page.Drawn, err error) {
		if p, err = webhookOf(r, t); err != nil {
			return nil, err
		}
		p.Form = f
		return drawWebhook(page.VisitOf(r), &p.Hook), nil
	}
	return page.AsDrawn(r, t, f, draw, func(r *http.Request) error {
		wish := wishOf(f)
		wish.Seen = &p.Hook
		saved, err := f.Attempt(func() error { return t.Events.Save(r.Context(), page.VisitOf(r).Person, p.Hook.ID, wish) })
		if saved {
			return page.Done(w, r, p.path(), "webhook-saved")
		}
		if err != nil {
			return err
		}
		return renderWebhook(w, r, t, p)
	})
}

// rotateWebhook handles POST /manage/webhooks/{id}/secret.
func rotateWebhook(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	p, err := webhookOf(r, t)
	if err != nil {
		return err
	}
	if p.Secret, err = t.Events.Rotate(r.Context(), page.VisitOf(r).Person, p.Hook.ID); err != nil {
		return err
	}
	return renderWebhookSecret(w, r, p)
}

// deleteWebhook handles POST /manage/webhooks/{id}/delete.
func deleteWebhook(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	if err := t.Events.Delete(r.Context(), page.VisitOf(r).Person, r.PathValue("id")); err != nil {
		return err
	}
	return page.Done(w, r, webhooksPath, "webhook-deleted")
}

// testWebhook handles POST /manage/webhooks/{id}/test.
func testWebhook(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	id := r.PathValue("id")
	if err := t.Events.Test(r.Context(), page.VisitOf(r).Person, id); err != nil {
		return err
	}
	return page.Done(w, r, webhooksPath+"/"+id, "webhook-tested")
}

// resendDelivery handles POST /manage/webhooks/{id}/deliveries/{delivery}/resend.
func resendDelivery(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	id := r.PathValue("id")
	if err := t.Events.Resend(r.Context(), page.VisitOf(r).Person, id, r.PathValue("delivery")); err != nil {
		return err
	}
	return page.Done(w, r, webhooksPath+"/"+id, "webhook-resent")
}

// replayWebhook handles POST /manage/webhooks/{id}/replay: all since the beginning of a day.
func replayWebhook(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	p, err := webhookOf(r, t)
	if err != nil {
		return err
	}
	y, m, d := f.Date("since").Civil()
	since := time.Date(y, m, d, 0, 0, 0, 0, page.VisitOf(r).Zone)
	sent, err := f.Attempt(func() error {
		_, err := t.Events.Replay(r.Context(), page.VisitOf(r).Person, p.Hook.ID, since)
		return err
	})
	if sent {
		return page.Done(w, r, p.path(), "webhook-replayed")
	}
	if err != nil {
		return err
	}
	f.Values.Set("url", p.Hook.URL)
	f.Values.Set("description", p.Hook.Description)
	f.Values["types"] = p.Hook.Types
	p.Form = f
	return renderWebhook(w, r, t, p)
}

// shownDeliveries is how many of the last messages stand above the form; the API tells more.
const shownDeliveries = 20

func renderWebhook(w http.ResponseWriter, r *http.Request, t *tenant.Tenant, p webhookPage) (err error) {
	v := page.VisitOf(r)
	title := p.Hook.Description
	switch {
	case p.Hook.ID == "":
		title = v.Lang.T("admin.webhooks.add")
	case title == "":
		title = p.Hook.URL
	}
	p.Frame = page.ManageFrame(w, r, title, p.path())
	p.All, p.Sick, p.Zone, p.Today = v.Viewer.IsAdministrator(), v.Viewer.Has(people.FollowSickness), v.Zone, calendar.DateOf(t.Events.Now().In(v.Zone))
	p.Open = p.Hook.OpenTo(v.Viewer) == nil
	p.Form.Values["types"] = openTypes(v, p.Form.Values["types"])
	p.Sends = p.Open && p.Hook.State == events.HookOn
	if p.Hook.ID != "" {
		if p.Lines, err = t.Events.Deliveries(r.Context(), v.Person, p.Hook.ID); err != nil {
			return err
		}
		p.Lines = p.Lines[:min(len(p.Lines), shownDeliveries)]
	}
	return page.Render(w, r, p.Form.Status(), webhookView(p))
}

func renderWebhookSecret(w http.ResponseWriter, r *http.Request, p webhookPage) error {
	p.Frame = page.ManageFrame(w, r, page.VisitOf(r).Lang.T("admin.webhooks.secret"), p.path())
	p.All = page.VisitOf(r).Viewer.IsAdministrator()
	return page.Render(w, r, http.StatusOK, webhookSecretView(p))
}

func (p *webhookPage) crumbs() []template.Link {
	return crumbs(p.Frame.L, p.All, page.SectionOf("webhooks").Link(p.Frame.L))
}

// kindsOf are the events of an area, to be chosen by what they tell of.
func (p *webhookPage) kindsOf(area events.Area) (list []template.Tick) {
	for _, t := range events.Things() {
		if t.Area != area {
			continue
		}
		name := t.Name + ".*"
		var words []string
		for _, word := range t.Words {
			words = append(words, t.Type(word))
		}
		list = append(list, template.Tick{Name: "types", Value: name, Label: p.Frame.L.T("event." + t.Name), Hint: strings.Join(words, " "),
			Checked: p.Form.Has("types", name)})
	}
	return list
}

// single are types that a program chose one by one, which the ticks do not show.
func (p *webhookPage) single() (list []string) {
	for _, one := range p.Form.Values["types"] {
		if !strings.HasSuffix(one, ".*") || !events.IsKind(strings.TrimSuffix(one, ".*")) {
			list = append(list, one)
		}
	}
	return list
}

// areas are those from which the visitor may choose.
func (p *webhookPage) areas() (list []events.Area) {
	for _, a := range events.Areas() {
		if a != events.OfSickness || p.Sick {
			list = append(list, a)
		}
	}
	return list
}

func (p *webhookPage) at(t time.Time) string { return p.Frame.L.DateTime(t.UnixMicro(), p.Zone) }

// outcome tells what became of a message.
func (p *webhookPage) outcome(d events.Delivery) view.Badge {
	l := p.Frame.L
	switch d.State {
	case events.Delivered:
		return view.Badge{Tone: template.Good, Text: l.T("admin.webhooks.delivered")}
	case events.Failed:
		return view.Badge{Tone: template.Bad, Text: l.T("admin.webhooks.failed")}
	}
	if d.Attempts > 0 {
		return view.Badge{Tone: template.Warn, Text: l.T("admin.webhooks.again")}
	}
	return view.Badge{Tone: template.Info, Text: l.T("admin.webhooks.waiting")}
}

// answer tells what the receiver said.
func (p *webhookPage) answer(status int, fault string) string {
	switch {
	case status != 0:
		return strconv.Itoa(status) + " " + http.StatusText(status)
	case fault != "":
		return p.Frame.L.T("admin.webhooks.fault." + fault)
	}
	return "–"
}

// since is the first day from which events can be sent again.
func (p *webhookPage) since() template.Input {
	i := p.Form.Day("since")
	i.Required = true
	if i.Value == "" {
		i.Value = p.Today.AddDays(-1).String()
	}
	return i
}

func (p *webhookPage) url() template.Input {
	i := p.Form.Need("url")
	i.Type, i.Hint = "url", p.Frame.L.T("admin.webhooks.url.hint")
	return i
}
