// SPDX-License-Identifier: Apache-2.0

package api

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"verlof/internal/browsertest"
)

// TestLint: an independent linter finds nothing wrong with the document.
func TestLint(t *testing.T) {
	home := filepath.Join("testdata", "lint")
	cli, err := browsertest.Npm(home, "@redocly/cli")
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "openapi.json")
	if err := os.WriteFile(file, Document(), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("node", filepath.Join(cli, "bin", "cli.js"), "lint", file, "--config", filepath.Join(home, "redocly.yaml"), "--format", "stylish")
	cmd.Env = append(os.Environ(), "REDOCLY_TELEMETRY=off", "REDOCLY_SUPPRESS_UPDATE_NOTICE=true")
	if said, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, said)
	}
}

// TestDocument: the document says what a program needs, and none of it is the
// library's.
func TestDocument(t *testing.T) {
	text := string(Document())
	for _, must := range []string{`"openapi": "3.1.0"`, `"operationId": "addRequest"`, `"leave:write"`, `"application/problem+json"`, `"Idempotency-Key"`, `"If-Match"`} {
		if !strings.Contains(text, must) {
			t.Errorf("the document does not say %s", must)
		}
	}
	for _, no := range []string{"huma", "$schema\":", "ErrorModel"} {
		if strings.Contains(text, no) {
			t.Errorf("the document says %s", no)
		}
	}
}

// TestNumbers: every number in the document says what it counts, and every field of the rules what it means. Where that is not said
// nobody who reads the document alone knows whether it is days, months or minutes.
func TestNumbers(t *testing.T) {
	var d struct {
		Components struct {
			Schemas map[string]struct {
				Properties map[string]struct {
					Type        any
					Items       struct{ Type any }
					Description string
				}
			}
		}
	}
	if err := json.Unmarshal(Document(), &d); err != nil {
		t.Fatal(err)
	}
	rules := map[string]bool{}
	for name := range mirrorWords {
		owner, _, _ := strings.Cut(name, ".")
		rules[owner] = true
	}
	for owner, s := range d.Components.Schemas {
		for name, p := range s.Properties {
			number := strings.Contains(fmt.Sprint(p.Type, p.Items.Type), "integer") || strings.Contains(fmt.Sprint(p.Type, p.Items.Type), "number")
			if p.Description == "" && (number || rules[owner]) {
				t.Errorf("%s.%s says nothing", owner, name)
			}
		}
	}
	for name := range mirrorWords {
		owner, field, _ := strings.Cut(name, ".")
		if _, ok := d.Components.Schemas[owner].Properties[field]; !ok {
			t.Errorf("%s is described and is not there", name)
		}
	}
}
