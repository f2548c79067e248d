// SPDX-License-Identifier: Apache-2.0

package pgtest

import (
	"net/url"
	"strings"
	"sync"
	"testing"
)

// Model is a database that is filled once in a test process, to be copied.
type Model struct {
	// Fill fills the model. Place is the address of a database that means nothing: the model
	// stands beside it, as Name says, and is to be made.
	Fill func(t testing.TB, place string)
	Name string // of a model and of each copy: what comes after the place's and an underscore

	mu   sync.Mutex
	made string // the name of the model; empty: there is none yet
}

// Copy makes a database beside the one at address, a place of URL's, with all that the model
// holds. A server that outlives the tests keeps no model: there, Copy fills anew.
func (m *Model) Copy(t testing.TB, address string) {
	t.Helper()
	s, err := server()
	if err != nil {
		t.Fatal(err)
	}
	if s.kept {
		m.Fill(t, address)
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.made == "" {
		place := URL(t)
		m.Fill(t, place)
		m.made = beside(t, place, m.Name)
	}
	if err := s.run("CREATE DATABASE " + beside(t, address, m.Name) + " TEMPLATE " + m.made + s.swiftly + ";"); err != nil {
		t.Fatal(err)
	}
}

// beside returns the name of a database beside the one at address.
func beside(t testing.TB, address, name string) string {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimPrefix(u.Path, "/") + "_" + name
}
