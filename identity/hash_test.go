// SPDX-License-Identifier: Apache-2.0

package identity

import (
	"context"
	"strings"
	"testing"
	"time"
)

// TestArgon2id checks against a vector of the reference implementation
// (phc-winner-argon2, src/test.c), so that another system's hashes are ours.
func TestArgon2id(t *testing.T) {
	const reference = "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4"
	h := NewHasher(Params{Memory: 256, Time: 2, Threads: 1}, 1, time.Second)
	if !h.matches(reference, "password") || h.matches(reference, "passwort") || h.weak(reference) {
		t.Error("the reference's hash does not match")
	}
}

func TestHashForm(t *testing.T) {
	h := NewHasher(DefaultParams, 1, time.Second)
	a, err := h.Hash(context.Background(), "vier lepels in de tuin")
	if err != nil {
		t.Fatal(err)
	}
	b := h.make("vier lepels in de tuin")
	if !strings.HasPrefix(string(a), "$argon2id$v=19$m=19456,t=2,p=1$") || a == b {
		t.Errorf("hashes %s and %s", a, b)
	}
	if !h.matches(a, "vier lepels in de tuin") || h.matches(a, "vier lepels in de tuin ") {
		t.Error("does not tell passwords apart")
	}
	if h.matches("", "") || h.matches(h.decoy, "") {
		t.Error("an account without a password opens")
	}
}

func TestWeak(t *testing.T) {
	now := Params{Memory: 64, Time: 2, Threads: 1}
	tests := []struct {
		name string
		p    Params
		want bool
	}{
		{"same", now, false},
		{"less_memory", Params{32, 2, 1}, true},
		{"fewer_passes", Params{64, 1, 1}, true},
		{"more", Params{128, 3, 1}, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			old := NewHasher(tt.p, 1, time.Second).make("x")
			if got := NewHasher(now, 1, time.Second).weak(old); got != tt.want {
				t.Errorf("got %v", got)
			}
		})
	}
}

func TestParseRefuses(t *testing.T) {
	good := string(NewHasher(Params{Memory: 16, Time: 1, Threads: 1}, 1, time.Second).make("x"))
	tests := map[string]string{
		"empty":          "",
		"clear_text":     "vier lepels in de tuin",
		"bcrypt":         "$2a$12$R9h/cIPz0gi.URNNX3kh2OPST9/PgBkqquzi.Ss7KIUgO2t0jWMUW",
		"argon2i":        strings.Replace(good, "argon2id", "argon2i", 1),
		"old_version":    strings.Replace(good, "v=19", "v=16", 1),
		"no_passes":      strings.Replace(good, "t=1", "t=0", 1),
		"no_threads":     strings.Replace(good, "p=1", "p=0", 1),
		"many_threads":   strings.Replace(good, "p=1", "p=300", 1),
		"little_memory":  strings.Replace(good, "m=16", "m=4", 1),
		"all_memory":     strings.Replace(good, "m=16", "m=4294967295", 1),
		"much_memory":    strings.Replace(good, "m=16", "m=262144", 1),
		"endless":        strings.Replace(good, "t=1", "t=4294967295", 1),
		"negative":       strings.Replace(good, "m=16", "m=-16", 1),
		"more_parameter": strings.Replace(good, "p=1", "p=1,x=2", 1),
		"no_key":         good[:strings.LastIndex(good, "$")+1],
		"short_key":      good[:strings.LastIndex(good, "$")+9],
		"bad_key":        good[:len(good)-1] + "!",
		"more_parts":     good + "$x",
	}
	for name, h := range tests {
		t.Run(name, func(t *testing.T) {
			if _, _, _, err := parse(Hash(h)); err == nil {
				t.Errorf("%s was read", h)
			}
		})
	}
}
