// SPDX-License-Identifier: Apache-2.0

package store

var (
	qMeta = query("meta.get", "SELECT value FROM meta WHERE key = $1")

	qSetMeta = query("meta.set", `INSERT INTO meta (key, value) VALUES ($1, $2)
		ON CONFLICT (key) DO UPDATE SET value = excluded.value`)

	qAddMeta = query("meta.add", "INSERT INTO meta (key, value) VALUES ($1, $2)")
)

// Meta returns what the database knows about itself under key, or "".
func (tx *Tx) Meta(key string) (string, error) {
	v, _, err := maybe(tx, qMeta, value[string], key)
	return v, err
}

// SetMeta writes a fact down in place of the one before it.
func (tx *Tx) SetMeta(key, v string) error {
	_, err := tx.exec(qSetMeta, key, v)
	return err
}

// AddMeta writes a fact down once. It reports Conflict when it is there.
func (tx *Tx) AddMeta(key, v string) error {
	_, err := tx.exec(qAddMeta, key, v)
	return err
}
