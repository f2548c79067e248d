// SPDX-License-Identifier: Apache-2.0

package events

import (
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// TestGuide runs what docs/webhooks.md tells receivers to do: it accepts what we sign, and
// refuses what was changed.
func TestGuide(t *testing.T) {
	guide, err := os.ReadFile("../docs/webhooks.md")
	if err != nil {
		t.Fatal(err)
	}
	at, body := time.Unix(1767225600, 0), `{"type":"team.added"}`
	secret := NewSecret()
	signed := secret.Sign("m1", at, body)
	snippet := func(language string) string {
		_, rest, _ := strings.Cut(string(guide), "```"+language+"\n")
		code, _, ok := strings.Cut(rest, "```")
		if !ok {
			t.Fatalf("the guide shows nothing in %s", language)
		}
		return code
	}
	run := func(name string, args ...string) string {
		c := exec.Command(name, args...)
		c.Env = append(os.Environ(), "secret="+string(secret), "id=m1", "timestamp=1767225600", "body="+body, "HOME="+t.TempDir())
		out, err := c.CombinedOutput()
		if err != nil {
			t.Fatalf("%s: %v\n%s", name, err, out)
		}
		return strings.TrimSpace(string(out))
	}
	t.Run("sh", func(t *testing.T) {
		if got := run("sh", "-c", snippet("sh")); got != signed {
			t.Errorf("the shell makes %s, want %s", got, signed)
		}
	})
	t.Run("python", func(t *testing.T) {
		code := snippet("python") + "\nimport os\ne = os.environ\nsigned = '" + secret.Sign("other", at, body) + " " + signed +
			"'\nprint(verify(e['secret'], e['id'], e['timestamp'], e['body'], signed), verify(e['secret'], e['id'], e['timestamp'], e['body'] + ' ', signed))"
		if got := run("python3", "-c", code); got != "True False" {
			t.Errorf("Python says %s", got)
		}
	})
	t.Run("go", func(t *testing.T) {
		source, err := os.ReadFile("guide_verify_test.go")
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(source), snippet("go")) {
			t.Error("guide_verify_test.go is not what the guide shows")
		}
		stamp := "1767225600"
		if !verify(string(secret), "m1", stamp, body, "v1,x "+signed) || verify(string(secret), "m1", stamp, body+" ", signed) || verify(string(secret), "m1", stamp, body, "") {
			t.Error("Go accepts what was changed, or refuses what was not")
		}
	})
}
