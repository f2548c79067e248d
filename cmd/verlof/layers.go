// SPDX-License-Identifier: Apache-2.0

package main

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"

	"github.com/BurntSushi/toml"
	"github.com/alecthomas/kong"

	"verlof/errs"
	"verlof/internal/near"
)

// layers finds what flags leave open: in the environment, then in the file. What
// neither says is left to the default.
type layers struct {
	env    map[string]string
	read   bool
	path   string // of the file; empty: there is none
	file   map[string]fileValue
	origin map[string]string // where a setting's value came from, by name
}

// fileValue is one line of the file.
type fileValue struct {
	text string
	line int
}

// Validate is part of kong.Resolver.
func (l *layers) Validate(*kong.Application) error { return nil }

// Resolve returns the value of a setting that no flag gave, or nil.
func (l *layers) Resolve(c *kong.Context, _ *kong.Path, f *kong.Flag) (any, error) {
	if f.Group == nil || f.Group.Key != settingsGroup {
		return nil, nil
	}
	if text, ok := l.env[variable(f.Name)]; ok {
		return l.take(f, text, variable(f.Name))
	}
	if f.Name == "config" || !l.read && f.Name == "data" && l.given(c, "config") == "" {
		return nil, nil // the file lies in the data folder: it cannot say where that is
	}
	if err := l.readFile(c); err != nil {
		return nil, err
	}
	if v, ok := l.file[f.Name]; ok {
		return l.take(f, v.text, fmt.Sprintf("%s:%d", l.path, v.line))
	}
	return nil, nil
}

// doubts returns what is likely not as it is meant to be, and harms nobody yet.
func (l *layers) doubts(c *kong.Context) []error {
	list := l.mistyped(c)
	if state, err := os.Stat(l.path); err != nil || state.Mode().Perm()&0o004 == 0 {
		return list
	}
	for _, f := range c.Flags() {
		if v, there := l.file[f.Name]; there && f.Tag.Has("secret") && masked(v.text) != v.text {
			return append(list, errs.Operator("chmod 600 "+l.path, "everybody on this machine may read %s, which holds a password", l.path))
		}
	}
	return list
}

// mistyped returns the variables of the environment that are no setting and look like one, each with what may be meant. Others are
// somebody else's: an image, a script.
func (l *layers) mistyped(c *kong.Context) (list []error) {
	known := map[string]bool{rootKeyVariable: true}
	var names []string
	for _, f := range c.Flags() {
		if f.Group != nil && f.Group.Key == settingsGroup {
			known[variable(f.Name)] = true
			names = append(names, variable(f.Name))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(l.env)) {
		if !strings.HasPrefix(name, "VERLOF_") || known[name] {
			continue
		}
		for _, setting := range names {
			if near.Distance(name, setting) <= 2 {
				list = append(list, errs.Operator("did you mean "+setting+"?", "%s is no setting", name))
				break
			}
		}
	}
	return list
}

// variable returns the environment variable of a setting.
func variable(name string) string {
	return "VERLOF_" + strings.ToUpper(strings.ReplaceAll(name, "-", "_"))
}

// take returns text once it is known to fit the setting.
func (l *layers) take(f *kong.Flag, text, origin string) (any, error) {
	trial := reflect.New(f.Target.Type()).Elem()
	if err := f.Parse(kong.Scan().PushTyped(text, kong.FlagValueToken), trial); err != nil {
		return nil, errs.Operator("verlof config --help says what each setting takes", "%s: %w", origin, err)
	}
	if allowed := f.EnumSlice(); f.Enum != "" && !slices.Contains(allowed, text) {
		return nil, errs.Operator("", "%s: %s is one of %s, not %q", origin, f.Name, strings.Join(allowed, ", "), text)
	}
	l.origin[f.Name] = origin
	return text, nil
}

// given returns a setting as flags and environment say it, or its default.
func (l *layers) given(c *kong.Context, name string) string {
	for _, f := range c.Flags() {
		if f.Name != name {
			continue
		}
		for _, p := range c.Path {
			if p.Flag == f {
				return fmt.Sprint(c.FlagValue(f))
			}
		}
		if text, ok := l.env[variable(name)]; ok {
			return text
		}
		return f.Default
	}
	return ""
}

// readFile reads the file of settings, once.
func (l *layers) readFile(c *kong.Context) error {
	if l.read {
		return nil
	}
	l.read = true
	named := l.given(c, "config")
	l.path = named
	if named == "" {
		l.path = filepath.Join(l.given(c, "data"), "verlof.toml")
	}
	text, err := os.ReadFile(l.path)
	if named == "" && errors.Is(err, os.ErrNotExist) {
		l.path = ""
		return nil
	}
	if err != nil {
		hint := "name a file that may be read with --config"
		if named == "" && errors.Is(err, os.ErrPermission) {
			hint = "run this as the user whose data folder that is: sudo -u verlof verlof ..."
		}
		return errs.Operator(hint, "the settings: %w", err)
	}
	known := []string{}
	for _, f := range c.Flags() {
		if f.Group != nil && f.Group.Key == settingsGroup && f.Name != "config" && (named != "" || f.Name != "data") {
			known = append(known, f.Name)
		}
	}
	l.file, err = parseSettings(l.path, string(text), known)
	return err
}

// parseSettings reads lines of name = value. It refuses names that are not known,
// and says at which line.
func parseSettings(path, text string, known []string) (map[string]fileValue, error) {
	var values map[string]any
	if _, err := toml.Decode(text, &values); err != nil {
		var p toml.ParseError
		if errors.As(err, &p) {
			return nil, errs.Operator(`a line looks like listen = "127.0.0.1:8080"`, "%s:%d: %s", path, p.Position.Line, p.Message)
		}
		return nil, errs.Operator("", "%s: %w", path, err)
	}
	out := map[string]fileValue{}
	for name, v := range values {
		at := fileValue{fmt.Sprint(v), lineOf(text, name)}
		if !slices.Contains(known, name) {
			return nil, errs.Operator(suggest(name, known), "%s:%d: no setting is called %q here", path, at.line, name)
		}
		switch v := v.(type) {
		case string, int64, bool:
		case map[string]any:
			if name != "clusters" {
				return nil, errs.Operator("", "%s:%d: %s is one text, number, true or false, no table", path, at.line, name)
			}
			var lines []string
			for key, value := range v {
				lines = append(lines, fmt.Sprintf("%s=%v", key, value))
			}
			at.text = strings.Join(lines, " ")
		default:
			return nil, errs.Operator(`write a time as "10m"`, "%s:%d: %s is one text, number, true or false", path, at.line, name)
		}
		out[name] = at
	}
	return out, nil
}

// lineOf returns the line on which a name is set, from 1.
func lineOf(text, name string) int {
	for i, line := range strings.Split(text, "\n") {
		key, _, _ := strings.Cut(line, "=")
		if strings.Trim(key, " \t\"'[]") == name {
			return i + 1
		}
	}
	return 1
}

// suggest returns a hint with the known name that is most like a wrong one.
func suggest(wrong string, known []string) string {
	best := near.To(strings.ReplaceAll(wrong, "_", "-"), known)
	if best == "" {
		return "the settings are " + strings.Join(known, ", ")
	}
	return "did you mean " + best + "?"
}
