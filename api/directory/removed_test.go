// SPDX-License-Identifier: Apache-2.0

package directory

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"verlof/errs"
	"verlof/identity/provision"
)

// TestRemoved: whether a user may still go is asked in the transaction in which they do.
func TestRemoved(t *testing.T) {
	w := newWorld(t)
	no := errs.New(errs.Conflict, "")
	err := w.acme.Provision.RemoveUser(t.Context(), "acme-carla", func(u provision.User) error {
		if u.Person != "acme-carla" {
			t.Errorf("asked of %s", u.Person)
		}
		return no
	})
	if !errors.Is(err, no) {
		t.Errorf("removed: %v", err)
	}
	w.want(200, "GET", "/Users/acme-carla", "")
	w.want(404, "GET", "/Users/%FF", "")
}

// TestStranger: who gets the name of somebody who was removed has nothing of theirs, unless the directory has
// the same id for them or people here let the old person in again.
func TestStranger(t *testing.T) {
	w := newWorld(t)
	ana, carla := w.acme.person("ana"), w.acme.person("carla")
	mail := w.org().Person(carla).Email
	user := func(external, name, mail string) string {
		return `{"userName":"` + name + `","externalId":"` + external + `","name":{"familyName":"Nova"},"emails":[{"value":"` + mail + `","primary":true}],"active":true}`
	}
	w.want(200, "PATCH", "/Users/acme-carla", patch(`{"op":"add","path":"externalId","value":"1"}`))
	w.want(204, "DELETE", "/Users/acme-carla", "")
	if got := w.want(409, "POST", "/Users", user("2", mail, mail)); got["scimType"] != "uniqueness" || !strings.Contains(fmt.Sprint(got["detail"]), "make them active here first") {
		t.Errorf("%v", got)
	}
	if got := w.want(201, "POST", "/Users", user("3", mail, "nova@acme.example")); got["id"] == string(carla) {
		t.Error("by name alone, under another id, somebody became who was removed")
	} else {
		w.want(204, "DELETE", "/Users/"+fmt.Sprint(got["id"]), "")
	}
	p := w.org().Person(carla)
	p.Active = true
	if err := w.acme.People.SavePerson(t.Context(), ana, p); err != nil {
		t.Fatal(err)
	}
	if got := w.want(201, "POST", "/Users", user("2", mail, mail)); got["id"] != string(carla) {
		t.Errorf("whom people here let in again came as %v", got["id"])
	}
	w.want(204, "DELETE", "/Users/acme-carla", "")
	if got := w.want(201, "POST", "/Users", user("2", mail, mail)); got["id"] != string(carla) {
		t.Errorf("the same id came back as %v", got["id"])
	}
}
