// SPDX-License-Identifier: Apache-2.0

package tenant

import (
	"context"

	"verlof/internal/seal"
)

// Shelf keeps what all processes of the installation share and nobody else may read, such as the keys of certificates: in the
// registry, sealed by the root key. It is an edge.Shelf.
type Shelf struct{ d *Directory }

// Shelf returns that of the installation.
func (d *Directory) Shelf() Shelf { return Shelf{d} }

// shelved is how its secrets are called in the registry.
func shelved(name string) string { return "shelf/" + name }

// Get returns what is kept under a name. It reports NotFound.
func (s Shelf) Get(ctx context.Context, name string) ([]byte, error) {
	sealed, err := s.d.registry.Secret(ctx, shelved(name))
	if err != nil {
		return nil, err
	}
	text, err := opened(ctx, s.d, func(r *seal.Root) (string, error) { return r.Open(secretPlace(shelved(name)), sealed) })
	return []byte(text), err
}

// Put keeps what is under a name, in place of what was.
func (s Shelf) Put(ctx context.Context, name string, content []byte) error {
	root, err := s.d.rereadRoot(ctx) // another process may have made a new one
	if err != nil {
		return err
	}
	return s.d.registry.PutSecret(ctx, shelved(name), root.Seal(secretPlace(shelved(name)), string(content)))
}

// Delete takes away what is under a name, if anything is.
func (s Shelf) Delete(ctx context.Context, name string) error {
	return s.d.registry.DropSecret(ctx, shelved(name))
}
