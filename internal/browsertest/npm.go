// SPDX-License-Identifier: Apache-2.0

package browsertest

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
)

// axeSource returns the text of the axe-core that package-lock.json pins,
// fetching it with npm the first time.
var axeSource = sync.OnceValues(func() (string, error) {
	root, err := moduleRoot()
	if err != nil {
		return "", err
	}
	dir, err := Npm(filepath.Join(root, "internal", "browsertest"), "axe-core")
	if err != nil {
		return "", err
	}
	source, err := os.ReadFile(filepath.Join(dir, "axe.min.js"))
	return string(source), err
})

// Npm returns the folder of a package that the package-lock.json in home pins,
// fetching it with npm the first time.
func Npm(home, name string) (string, error) {
	root, err := moduleRoot()
	if err != nil {
		return "", err
	}
	want, err := pinned(home, name)
	if err != nil {
		return "", err
	}
	if have, err := version(home, name); err != nil || have != want {
		fmt.Fprintf(os.Stderr, "browsertest: fetching %s %s with npm ci\n", name, want)
		if err := install(root, home, name, want); err != nil {
			return "", err
		}
	}
	return folder(home, name), nil
}

// install runs npm ci beside the tree and moves the result into home, so that
// two test processes at once do no harm: the first to finish wins.
func install(root, home, name, want string) error {
	if _, err := exec.LookPath("npm"); err != nil {
		return errors.New("no npm to fetch it with: run scripts/prerequisites npm")
	}
	out := filepath.Join(root, "out")
	if err := os.MkdirAll(out, 0o755); err != nil {
		return err
	}
	dir, err := os.MkdirTemp(out, "npm-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	for _, file := range []string{"package.json", "package-lock.json", ".npmrc"} {
		if err := copyFile(filepath.Join(dir, file), filepath.Join(home, file)); err != nil {
			return err
		}
	}
	npm := exec.Command("npm", "ci")
	npm.Dir = dir
	if said, err := npm.CombinedOutput(); err != nil {
		return fmt.Errorf("npm ci: %w\n%s", err, said)
	}
	if have, err := version(home, name); err == nil && have == want {
		return nil
	}
	modules := filepath.Join(home, "node_modules")
	if err := os.RemoveAll(modules); err != nil {
		return err
	}
	if err := os.Rename(filepath.Join(dir, "node_modules"), modules); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return nil
}

func copyFile(to, from string) error {
	b, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	return os.WriteFile(to, b, 0o644)
}

// pinned returns the version of a package that package.json asks for.
func pinned(home, name string) (string, error) {
	var p struct{ Dependencies map[string]string }
	err := readJSON(filepath.Join(home, "package.json"), &p)
	return p.Dependencies[name], err
}

// folder is where a package is once it is there.
func folder(home, name string) string {
	return filepath.Join(home, "node_modules", filepath.FromSlash(name))
}

// version returns the version of the package that is there.
func version(home, name string) (string, error) {
	var p struct{ Version string }
	err := readJSON(filepath.Join(folder(home, name), "package.json"), &p)
	return p.Version, err
}

func readJSON(path string, v any) error {
	b, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	return json.Unmarshal(b, v)
}

// moduleRoot returns the folder of go.mod, at or above the test's own.
func moduleRoot() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for ; ; dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir, nil
		}
		if dir == filepath.Dir(dir) {
			return "", errors.New("no go.mod at or above the test's folder")
		}
	}
}
