// SPDX-License-Identifier: Apache-2.0

package operate

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"verlof/backup"
	"verlof/calendar"
	"verlof/errs"
	"verlof/internal/disk"
	"verlof/leave"
	"verlof/people"
	"verlof/tenant"
)

// KindClosing is the kind of outbox row that tells a system manager that the customer is
// about to be closed.
const KindClosing = "tenant.closing"

// closes is the payload of such a row, in the form of every mail's.
type closes struct {
	Day    string    `json:"request"`
	Person people.ID `json:"person"`
	At     int64     `json:"at"` // when it was announced: it is withdrawn where the customer was reopened since
}

// Announce puts a mail to each system manager of a customer in its outbox, which says when it is
// to be closed, and returns how many. It is for the time before BeginClose, after which no mail leaves.
func Announce(ctx context.Context, d *tenant.Directory, slug string, until time.Time) (n int, err error) {
	day, now := calendar.DateOf(until.Local()).String(), d.Now().UTC()
	err = with(ctx, d, slug, func(t *tenant.Tenant) error {
		return t.Leave.Store.Update(ctx, func(tx leave.Tx) error {
			n = 0
			persons, err := tx.Persons()
			if err != nil {
				return err
			}
			for _, p := range persons {
				if !p.Active || p.Email == "" || !p.Roles.Has(people.SystemManager) {
					continue
				}
				payload, err := json.Marshal(closes{Day: day, Person: p.ID, At: now.UnixMicro()})
				if err == nil {
					err = tx.Enqueue(KindClosing, KindClosing+":"+string(p.ID)+":"+now.Format(time.RFC3339Nano), payload)
				}
				if err != nil {
					return err
				}
				n++
			}
			return nil
		})
	})
	return n, err
}

// Certificate says what was destroyed of a customer, and what that does not reach.
type Certificate struct {
	tenant.Ended
	Copies   []backup.Forgotten `json:"copies"`            // of the customer, that were taken away
	Registry []backup.Forgotten `json:"registry"`          // copies of the registry from before, in which its keys were
	Folders  []string           `json:"folders,omitempty"` // that were given up, from which its databases were taken away too
	Missed   []string           `json:"missed,omitempty"`  // databases and folders that could not be reached
	Passing  []string           `json:"passing,omitempty"` // what another process works on in the folders, and takes away itself
	Beyond   []string           `json:"beyond"`            // what Verlof cannot reach, and what holds of it
}

// spareName is what spareFolder calls folders.
var spareName = regexp.MustCompile(`^[0-9]{4,}-[A-Za-z0-9_-]+$`)

// Destruction says how a customer is destroyed.
type Destruction struct {
	Now    bool     // the time that was given is not waited for
	Lost   bool     // a database that cannot be opened or reached is gone on without
	Beside []string // folders in which databases of the installation are or were, such as that of the data and the spare one
}

// Destroy destroys a customer that is being closed: its keys; its databases, wherever it had any; its copies
// at every depot; and the copies of the registry in which the sealed keys still are. Then it attests that. Run again it goes on
// where it was cut short. Errors are those of tenant.Directory.End.
func Destroy(ctx context.Context, d *tenant.Directory, c *backup.Copies, slug string, how Destruction, w tenant.Why) (cert Certificate, signed string, err error) {
	if cert.Ended, err = d.End(ctx, slug, how.Now, how.Lost, w); err != nil {
		return cert, "", err
	}
	for _, where := range cert.Databases {
		switch err := d.Place.Destroy(ctx, cert.ID, where); {
		case err != nil && how.Lost:
			cert.Missed = append(cert.Missed, where)
		case err != nil:
			return cert, "", fmt.Errorf("destroy %s: %w", where, err)
		}
	}
	if own, err := ownFolder(d, cert.ID); err == nil { // with copies in quarantine, wherever the databases are
		if err := os.RemoveAll(own); err != nil && !how.Lost {
			return cert, "", err
		} else if err != nil {
			cert.Missed = append(cert.Missed, own)
		}
	}
	destroyBeside(d.Place.Folder(), how.Beside, &cert)
	if err := clearPassing(append(slices.Clone(how.Beside), d.Place.Folder()), &cert); err != nil && !how.Lost {
		return cert, "", fmt.Errorf("take away what killed processes left: %w", err)
	}
	if c != nil {
		for _, at := range c.Places() {
			f, err := backup.Forget(ctx, at, cert.ID)
			if err != nil {
				return cert, "", err
			}
			cert.Copies = append(cert.Copies, f)
		}
	}
	if err := d.ShredRegistry(ctx); err != nil {
		return cert, "", err
	}
	if c != nil {
		if l := c.Log(tenant.RegistryID); l != nil {
			if cert.Registry, err = l.Renew(ctx); err != nil {
				return cert, "", fmt.Errorf("take the registry's older copies away: %w", err)
			}
		}
	}
	cert.Beyond = beyond(cert)
	if signed, err = d.Attest(ctx, cert.ID, cert); err != nil {
		return cert, "", err
	}
	return cert, signed, d.Note(ctx, slug, "destroyed", fmt.Sprintf("%d databases, copies at %d depots", len(cert.Databases), len(cert.Copies)), w)
}

// destroyBeside takes the databases of a customer away in folders that are not in force: one that was given up
// when its disk failed may be there again.
func destroyBeside(inForce string, beside []string, cert *Certificate) {
	for _, dir := range beside {
		folders := []string{dir}
		entries, err := os.ReadDir(dir)
		if err != nil {
			cert.Missed = append(cert.Missed, dir)
			continue
		}
		for _, e := range entries {
			if e.IsDir() && spareName.MatchString(e.Name()) {
				folders = append(folders, filepath.Join(dir, e.Name()))
			}
		}
		for _, f := range folders {
			if f == inForce {
				continue
			}
			if err := os.RemoveAll(filepath.Join(f, "tenants", cert.ID)); err != nil {
				cert.Missed = append(cert.Missed, f)
			} else if hasRegistry(f) {
				cert.Folders = append(cert.Folders, f)
			}
		}
	}
}

// clearPassing takes away what killed processes left in the folders of an installation: the registry from before is among it, with
// the sealed keys.
func clearPassing(folders []string, cert *Certificate) error {
	var failed []error
	for _, dir := range folders {
		if dir == "" {
			continue // of an installation on servers
		}
		_, held, err := disk.ClearPassing(dir)
		cert.Passing = append(cert.Passing, held...)
		if err != nil {
			cert.Missed = append(cert.Missed, dir)
			failed = append(failed, err)
		}
	}
	slices.Sort(cert.Passing)
	cert.Passing = slices.Compact(cert.Passing) // one folder may be in another
	return errors.Join(failed...)
}

// beyond says what a destruction does not reach.
func beyond(c Certificate) []string {
	var all []string
	if len(c.Folders) > 0 {
		all = append(all, "Folders that were given up hold an older registry with the sealed keys, and are not in force: "+strings.Join(c.Folders, ", ")+
			". Take them away, or replace the root key (verlof keys rotate-root, then prune-root).")
	}
	if len(c.Missed) > 0 {
		all = append(all, "Not reached, and perhaps there: "+strings.Join(c.Missed, ", ")+". Database files hold names and leave in clear text: destroy the disk.")
	}
	if len(c.Passing) > 0 {
		all = append(all, "Another process was at work on "+strings.Join(c.Passing, ", ")+", where an older registry with the sealed keys may lie. It takes that away when it is done; "+
			"of one that is killed before, the next start of the server does.")
	}
	for _, f := range c.Copies {
		if f.Left > 0 {
			all = append(all, fmt.Sprintf("Of %d objects at %s something may be left: it refuses to take them away, or to tell of versions. They are sealed with the keys that were destroyed.", f.Left, f.Depot))
		}
	}
	for _, f := range c.Registry {
		if f.Left > 0 {
			all = append(all, fmt.Sprintf("Of %d older copies of the registry at %s something may be left: it refuses to take them away, or to tell of versions. The sealed keys are in them: replace the root key (verlof keys rotate-root, then prune-root).", f.Left, f.Depot))
		}
	}
	all = append(all,
		"Copies of the depot that somebody made elsewhere are sealed with the keys that were destroyed. They open only for who also has a copy of the registry from before "+
			c.At.Format(time.RFC3339)+" and root key "+c.Root+"; once the root key is replaced (verlof keys rotate-root, then prune-root, and older copies of its file destroyed) nobody opens them.",
		"A disk that keeps deleted blocks holds them until they are overwritten. Sealed objects stay sealed.",
		"Database files hold names and leave in clear text: copies of them that were made without Verlof are not reached, nor are exports that were handed out and mails that were sent.",
	)
	if slices.ContainsFunc(c.Databases, func(where string) bool { return strings.HasPrefix(where, "postgres") }) {
		all = append(all, "PostgreSQL's archived log and base backups hold rows of the databases named above until their own retention has passed; what is sealed in them opens no more.")
	}
	return all
}

// ReadCertificate returns what a certificate says. It does not check the signature: its x5c
// names who made it.
func ReadCertificate(signed string) (c Certificate, err error) {
	parts := strings.Split(signed, ".")
	if len(parts) != 3 {
		return c, errors.New("not a certificate of a destruction")
	}
	text, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err == nil {
		err = json.Unmarshal(text, &c)
	}
	return c, err
}

// Confirmed refuses unless a customer's short name was typed again.
func Confirmed(slug, typed string) error {
	if slug != typed {
		return errs.Operator("type its name again: --confirm "+slug, "what is destroyed cannot be had back")
	}
	return nil
}
