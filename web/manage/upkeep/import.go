// SPDX-License-Identifier: Apache-2.0

package upkeep

import (
	"context"
	"io"
	"net/http"
	"slices"

	"verlof/errs"
	"verlof/intake"
	"verlof/tenant"
	"verlof/web/page"
	"verlof/web/template"
	"verlof/web/view"
)

// importPage is where a file is handed in.
type importPage struct {
	Frame template.Page
	Form  *page.Form
}

// showImport handles GET /manage/import.
func showImport(w http.ResponseWriter, r *http.Request, _ *tenant.Tenant) error {
	return renderImport(w, r, page.BlankForm(r))
}

func renderImport(w http.ResponseWriter, r *http.Request, f *page.Form) error {
	p := importPage{Frame: page.ManageFrame(w, r, f.Lang.T("admin.import"), page.ImportPath), Form: f}
	return page.Render(w, r, f.Status(), importView(p))
}

// sendBlank handles GET /manage/import-blank/{kind}: an empty file to fill in.
func sendBlank(w http.ResponseWriter, r *http.Request, _ *tenant.Tenant) error {
	k := intake.Kind(r.PathValue("kind"))
	if !slices.Contains(intake.Kinds(), k) {
		return errs.New(errs.NotFound, "")
	}
	heads := intake.Blank(k, page.VisitOf(r).Lang)
	return page.SendTable(w, r, string(k)+".csv", func(yield func([]string) bool) { yield(heads) })
}

// reading has a page that reads a file wait until that may be.
func reading(h page.Handler) page.Handler {
	return func(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
		done, err := t.ReadFile(r.Context())
		if err != nil {
			return err
		}
		defer done()
		return h(w, r, t)
	}
}

// takeFile handles POST /manage/import: the file is read and looked at, and nothing
// is written.
func takeFile(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	f := page.BlankForm(r)
	u, err := readUpload(r, t)
	if err == nil {
		var most view.Usual
		most, err = view.UsualOf(r.Context(), t)
		u.Options = intake.Options{Pattern: most.Pattern, Package: most.Pkg, Location: most.Location}
	}
	if err == nil {
		_, err = planUpload(r.Context(), page.VisitOf(r), t, u)
	}
	if err == nil {
		err = t.Uploads.Add(r.Context(), u)
	}
	if err != nil {
		if !f.Mend(err) {
			return err
		}
		return renderImport(w, r, f)
	}
	return page.SeeOther(w, r, page.ImportPath+"/"+u.ID)
}

// planUpload reads a file and makes the plan of its options, none where the columns
// are not all known yet.
func planUpload(ctx context.Context, v *page.Visit, t *tenant.Tenant, kept intake.Upload) (*upload, error) {
	file, err := intake.Open(kept.Source(), kept.Options)
	if err != nil {
		return nil, err
	}
	u := &upload{Upload: kept, file: file}
	if file.Problem() != nil {
		return u, nil //nolint:nilerr // what the file lacks is what its page asks for
	}
	u.plan, err = t.Intake.Plan(ctx, v.Person, kept.Source(), kept.Options)
	return u, err
}

// showPlan handles GET /manage/import/{file}.
func showPlan(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	u, err := findUpload(r, t)
	if err != nil {
		return err
	}
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	fillOptions(f, u)
	return renderPlan(w, r, t, f, u)
}

// setOptions handles POST /manage/import/{file}: what the columns mean, and what
// holds where the file does not say it.
func setOptions(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	v := page.VisitOf(r)
	u, err := findUpload(r, t)
	if err != nil {
		return err
	}
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	chosen := u.Upload
	chosen.Options = readOptions(f, u)
	set, err := f.Attempt(func() error {
		if _, err := planUpload(r.Context(), v, t, chosen); err != nil {
			return err
		}
		return t.Uploads.Set(r.Context(), chosen)
	})
	if set {
		return page.Done(w, r, page.ImportPath+"/"+u.ID, "import-planned")
	}
	if err != nil {
		return err
	}
	return renderPlan(w, r, t, f, u)
}

// acceptPlan handles POST /manage/import/{file}/accept: all of it is written, or
// nothing.
func acceptPlan(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	u, err := findUpload(r, t)
	if err != nil {
		return err
	}
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	chosen := u.Upload
	chosen.Options.LeaveOut = f.Has("leave_out", "yes")
	accepted, err := f.Attempt(func() error { return t.Intake.ApplyUpload(r.Context(), chosen, f.Text("digest")) })
	if accepted {
		return page.SeeOther(w, r, page.ImportPath+"/"+u.ID) // which says that it is written
	}
	if err != nil {
		return err
	}
	if fresh, err := planUpload(r.Context(), page.VisitOf(r), t, u.Upload); err == nil { // something may have changed meanwhile
		u = fresh
	}
	fillOptions(f, u)
	return renderPlan(w, r, t, f, u)
}

// mendFile handles GET /manage/import/{file}/mend: the refused lines with the
// reasons, as a file.
func mendFile(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	v := page.VisitOf(r)
	u, err := findUpload(r, t)
	if err != nil {
		return err
	}
	if u.plan == nil {
		return errs.New(errs.NotFound, "admin.error.no_upload")
	}
	return page.SendFile(w, r, "mend.csv", func(out io.Writer) error { return u.plan.Mend(out, v.Lang) })
}
