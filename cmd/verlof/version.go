// SPDX-License-Identifier: Apache-2.0

package main

import (
	"runtime"
	"runtime/debug"
)

// versionCmd prints what the program was built from.
type versionCmd struct {
	JSON bool `help:"Print JSON."`
}

// build is what a program knows of its making.
type build struct {
	Version  string `json:"version"`
	Revision string `json:"revision,omitempty"` // of the source
	Time     string `json:"time,omitempty"`     // of that revision
	Modified bool   `json:"modified,omitempty"` // the source had changes of its own
	Go       string `json:"go"`
	Platform string `json:"platform"`
}

// ownBuild returns what this program was built from.
func ownBuild() build {
	b := build{Version: "(unknown)", Go: runtime.Version(), Platform: runtime.GOOS + "/" + runtime.GOARCH}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return b
	}
	b.Version = info.Main.Version
	for _, s := range info.Settings {
		switch s.Key {
		case "vcs.revision":
			b.Revision = s.Value
		case "vcs.time":
			b.Time = s.Value
		case "vcs.modified":
			b.Modified = s.Value == "true"
		}
	}
	return b
}

// Run prints it.
func (v *versionCmd) Run(io *console) error {
	b := ownBuild()
	if v.JSON {
		return io.json(b)
	}
	rows := [][]string{{"verlof", b.Version}}
	if b.Revision != "" {
		note := ""
		if b.Modified {
			note = " with changes"
		}
		rows = append(rows, []string{"source", b.Revision + note}, []string{"of", b.Time})
	}
	return io.table(append(rows, []string{"go", b.Go}, []string{"platform", b.Platform})...)
}
