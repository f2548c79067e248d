// SPDX-License-Identifier: Apache-2.0

package pgbackrest

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"verlof/internal/disk"
)

// section is a part of pgBackRest's settings: a name in brackets and the lines below it.
type section struct {
	name  string
	lines []string
}

// sections reads settings. Lines above the first name are left out.
func sections(text string) (all []section) {
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "[") && strings.HasSuffix(line, "]") {
			all = append(all, section{name: strings.Trim(line, "[]")})
		} else if line != "" && !strings.HasPrefix(line, "#") && len(all) > 0 {
			last := &all[len(all)-1]
			last.lines = append(last.lines, line)
		}
	}
	return all
}

// set has the lines of a section that name the same settings as others be those.
func (s section) set(lines []string) {
	for _, line := range lines {
		name, _, _ := strings.Cut(line, "=")
		for i, old := range s.lines {
			if was, _, _ := strings.Cut(old, "="); strings.TrimSpace(was) == name {
				s.lines[i] = line
			}
		}
	}
}

// header stands above what Verlof writes.
const header = "# Written by verlof. It holds what opens the copies: keep it to the database server's user.\n"

func textOf(all []section) string {
	text := header
	for _, s := range all {
		text += fmt.Sprintf("\n[%s]\n%s\n", s.name, strings.Join(s.lines, "\n"))
	}
	return text
}

// with returns the sections with one put in, in place of that of its name.
func with(all []section, one section) (out []section) {
	for _, s := range all {
		if s.name != one.name {
			out = append(out, s)
		}
	}
	return append(out, one)
}

// options returns the settings of the stanza, and those of all where it has none of its own.
func (s Stanza) options() (map[string]string, error) {
	text, err := os.ReadFile(s.Config)
	if err != nil {
		return nil, err
	}
	o := map[string]string{}
	for _, of := range []string{"global", s.Name} {
		for _, part := range sections(string(text)) {
			if part.name != of {
				continue
			}
			for _, line := range part.lines {
				name, value, _ := strings.Cut(line, "=")
				o[strings.TrimSpace(name)] = strings.TrimSpace(value)
			}
		}
	}
	return o, nil
}

// like returns a path whose owner is the database server's user: that of the settings, or where
// those are root's that of the server's files.
func (s Stanza) like() string {
	if a, err := ownerOf(s.Config); a != nil || err != nil {
		return s.Config
	}
	if o, err := s.options(); err == nil && o["pg1-path"] != "" {
		if _, err := os.Stat(o["pg1-path"]); err == nil {
			return o["pg1-path"]
		}
	}
	return s.Config
}

// put writes the settings for the user alone to whom something belongs.
func put(path, text, like string) error {
	draft, err := os.CreateTemp(filepath.Dir(path), ".pgbackrest-*")
	if err != nil {
		return err
	}
	defer os.Remove(draft.Name()) // it has another name by then, or is worth nothing
	if _, err := draft.WriteString(text); err != nil {
		return err
	}
	if err := draft.Sync(); err != nil {
		return err
	}
	if err := draft.Close(); err != nil {
		return err
	}
	if err := give(draft.Name(), like); err != nil {
		return err
	}
	if err := os.Rename(draft.Name(), path); err != nil {
		return err
	}
	return disk.SyncFolder(filepath.Dir(path))
}
