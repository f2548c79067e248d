// SPDX-License-Identifier: Apache-2.0

package upkeep

import (
	"errors"
	"io"
	"net/http"
	"net/url"
	"slices"

	"github.com/a-h/templ"

	"verlof/calendar"
	"verlof/errs"
	"verlof/identity/sso"
	"verlof/internal/saml"
	"verlof/tenant"
	"verlof/web/page"
	"verlof/web/template"
)

// keysPath is where the keys for providers of SAML are kept.
const keysPath = page.ProvidersPath + "/keys"

// metadataPage is where what a provider of SAML publishes is handed over.
type metadataPage struct {
	Frame template.Page
	Form  *page.Form
	Kept  sso.Kept
	All   bool
}

func (p *metadataPage) path() string { return providersPath + "/" + p.Kept.ID + "/metadata" }

// crumbs lead back to the provider.
func (p *metadataPage) crumbs() []template.Link {
	return crumbs(p.Frame.L, p.All, page.SectionOf("sso").Link(p.Frame.L), template.Link{Text: p.Kept.Name, Href: providersPath + "/" + p.Kept.ID})
}

// source is the address at which the provider publishes.
func (p *metadataPage) source() template.Input {
	i := p.Form.Field("source")
	i.Type, i.Hint = "url", p.Frame.L.T("admin.sso.source.hint")
	return i
}

// file is the metadata as a file.
func (p *metadataPage) file() template.Input {
	i := p.Form.Field("metadata")
	i.Type, i.Value, i.Hint = "file", "", p.Frame.L.T("admin.sso.metadata.hint")
	i.Attrs = templ.Attributes{"accept": ".xml,application/samlmetadata+xml,application/xml,text/xml"}
	return i
}

// showTheirs handles GET /manage/sso/{id}/metadata.
func showTheirs(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	return renderTheirs(w, r, t, nil)
}

// takeTheirs handles POST /manage/sso/{id}/metadata.
func takeTheirs(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	address, file, err := readMetadata(r)
	if err == nil {
		err = t.Scan(r.Context(), "metadata", file)
	}
	f := page.BlankForm(r, "source", address)
	if long := (*http.MaxBytesError)(nil); errors.As(err, &long) {
		f.Note(http.StatusRequestEntityTooLarge, page.Sentence(f.Lang, err, ""))
		return renderTheirs(w, r, t, f)
	}
	if err != nil {
		return err
	}
	if address == "" && len(file) == 0 {
		f.Refuse(errs.New(errs.Invalid, "sso.error.metadata_none").At("source"))
	}
	id := r.PathValue("id")
	taken, err := f.Attempt(func() error { return t.SSO.SetMetadata(r.Context(), page.VisitOf(r).Proof, id, address, file) })
	if taken {
		return page.Done(w, r, providersPath+"/"+url.PathEscape(id), "metadata-taken")
	}
	if err != nil {
		return err
	}
	return renderTheirs(w, r, t, f)
}

func renderTheirs(w http.ResponseWriter, r *http.Request, t *tenant.Tenant, f *page.Form) error {
	v := page.VisitOf(r)
	k, err := t.SSO.Provider(r.Context(), v.Person, r.PathValue("id"))
	if err == nil && k.Kind != sso.SAML {
		err = errs.New(errs.NotFound, "sso.error.provider")
	}
	if err != nil {
		return err
	}
	if f == nil {
		f = page.BlankForm(r, "source", k.Source)
	}
	p := metadataPage{Form: f, Kept: k, All: v.Viewer.IsAdministrator()}
	p.Frame = page.ManageFrame(w, r, v.Lang.T("admin.sso.theirs"), p.path())
	return page.Render(w, r, f.Status(), metadataView(p))
}

// readMetadata reads a form that is sent in parts (RFC 7578): an address, a file, or both.
// Of a form of another kind there is nothing to read.
func readMetadata(r *http.Request) (address string, file []byte, err error) {
	parts, err := r.MultipartReader()
	if errors.Is(err, http.ErrNotMultipart) {
		return "", nil, nil
	}
	if err != nil {
		return "", nil, errs.New(errs.Invalid, "").Because(err)
	}
	for {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return page.PlainText(address), file, nil
		}
		var text []byte
		if err == nil {
			text, err = io.ReadAll(io.LimitReader(part, saml.MaxMetadata+1)) // one too many is for saml to refuse
		}
		var long *http.MaxBytesError
		if errors.As(err, &long) {
			return "", nil, err
		}
		if err != nil {
			return "", nil, errs.New(errs.Invalid, "").Because(err)
		}
		switch part.FormName() {
		case "source":
			address = string(text)
		case "metadata":
			file = text
		}
	}
}

// ours are what the provider wants to know of us.
func (p *providerPage) ours() []template.Fact {
	l := p.Frame.L
	if !p.saml() {
		return []template.Fact{{Name: l.T("admin.sso.return"), Text: p.Return}, {Name: l.T("admin.sso.after"), Text: p.After}, {Name: l.T("admin.sso.told"), Text: p.Logout}}
	}
	return []template.Fact{{Name: l.T("admin.sso.entity"), Text: p.Entity}, {Name: l.T("admin.sso.acs"), Text: p.Return},
		{Name: l.T("admin.sso.metadata_url"), Text: p.Entity}}
}

// theirs are what the provider publishes.
func (p *providerPage) theirs() []template.Fact {
	l := p.Frame.L
	facts := []template.Fact{{Name: l.T("admin.sso.their_entity"), Text: p.Kept.Issuer}, {Name: l.T("admin.sso.target"), Text: p.Kept.Target}}
	if p.Kept.Source != "" {
		facts = append(facts, template.Fact{Name: l.T("admin.field.source"), Text: p.Kept.Source})
	}
	for _, c := range p.Kept.Signs() {
		facts = append(facts, template.Fact{Name: l.T("admin.sso.certificate"), Value: certificateView(l, c)})
	}
	return facts
}

// ends says until when the certificates are good, where that is soon or was.
func (p *providerPage) ends() string {
	at, soon := p.Kept.Ends(p.Now)
	switch {
	case !soon:
		return ""
	case at.Before(p.Now):
		return p.Frame.L.T("admin.sso.ended.text", "date", p.Frame.L.Date(calendar.DateOf(at)))
	}
	return p.Frame.L.T("admin.sso.ends.text", "date", p.Frame.L.Date(calendar.DateOf(at)))
}

// keysPage lists the keys for providers of SAML.
type keysPage struct {
	Frame template.Page
	Keys  []sso.Key
	All   bool
}

// next reports whether a key waits to be used.
func (p *keysPage) next() bool {
	return slices.ContainsFunc(p.Keys, func(k sso.Key) bool { return k.State == sso.KeyNext })
}

func (p *keysPage) crumbs() []template.Link {
	return crumbs(p.Frame.L, p.All, page.SectionOf("sso").Link(p.Frame.L))
}

// showKeys handles GET /manage/sso/keys.
func showKeys(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	v := page.VisitOf(r)
	p := keysPage{Frame: page.ManageFrame(w, r, v.Lang.T("admin.sso.keys"), keysPath), All: v.Viewer.IsAdministrator()}
	var err error
	if p.Keys, err = t.SSO.Keys(r.Context(), v.Person); err != nil {
		return err
	}
	return page.Render(w, r, http.StatusOK, keysView(p))
}

// prepareKey handles POST /manage/sso/keys.
func prepareKey(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	if err := t.SSO.PrepareKey(r.Context(), page.VisitOf(r).Proof); err != nil {
		return err
	}
	return page.Done(w, r, keysPath, "key-prepared")
}

// useKey handles POST /manage/sso/keys/use.
func useKey(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	if err := t.SSO.UseKey(r.Context(), page.VisitOf(r).Proof); err != nil {
		return err
	}
	return page.Done(w, r, keysPath, "key-used")
}

// dropKey handles POST /manage/sso/keys/{key}/delete.
func dropKey(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	if err := t.SSO.DropKey(r.Context(), page.VisitOf(r).Proof, r.PathValue("key")); err != nil {
		return err
	}
	return page.Done(w, r, keysPath, "key-dropped")
}
