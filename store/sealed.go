// SPDX-License-Identifier: Apache-2.0

package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"

	"verlof/internal/seal"
)

var errNoKeys = errors.New("no keys for sealed columns")

// FreshKeys returns the keys of a customer as the registry has them now.
type FreshKeys func(context.Context) (*seal.Keys, error)

// sealer closes and opens the sealed columns of a database.
type sealer struct {
	keys  atomic.Pointer[seal.Keys] // nil: sealed columns are closed
	fresh atomic.Pointer[FreshKeys]
}

// SealWith sets the keys for the columns that are kept sealed. Without keys they can be
// neither written nor read.
func (db *DB) SealWith(k *seal.Keys) { db.sealer.keys.Store(k) }

// OnNewerKey sets what is asked for the keys where a newer one was used than there is
// among them: another process may have added it.
func (db *DB) OnNewerKey(fresh FreshKeys) { db.sealer.fresh.Store(&fresh) }

// renew asks for the keys as they are now.
func (s *sealer) renew(ctx context.Context) (*seal.Keys, error) {
	fresh := s.fresh.Load()
	if fresh == nil {
		return s.keys.Load(), nil
	}
	k, err := (*fresh)(ctx)
	if err == nil {
		s.keys.Store(k)
	}
	return k, err
}

// sealedColumn is a column that is kept sealed, each text for the row it stands in.
type sealedColumn struct {
	table, column string
	key           []string   // the columns that name a row, which a text is bound to
	texts         *statement // all that are there, after the key
	replace       *statement // one of them by another
}

// sealedColumns are all of them.
var sealedColumns []*sealedColumn

// sealed declares a column that is kept sealed. The first column of the key is never NULL.
func sealed(table, column string, key ...string) *sealedColumn {
	c := &sealedColumn{table: table, column: column, key: key,
		texts:   query(table+"."+column+".sealed", fmt.Sprintf("SELECT %s, %s FROM %s ORDER BY %s", strings.Join(key, ", "), column, table, key[0])),
		replace: query(table+"."+column+".reseal", fmt.Sprintf("UPDATE %[1]s SET %[2]s = $3 WHERE %[3]s = $1 AND %[2]s = $2", table, column, key[0]))}
	sealedColumns = append(sealedColumns, c)
	return c
}

// at returns the place of a row's text.
func (c *sealedColumn) at(key ...string) seal.Place {
	return seal.Place{Table: c.table, Column: c.column, Row: strings.Join(key, " ")}
}

// metaSeal is where a database keeps the number of the newest key that seals in it, so
// that nobody goes on with an older one.
const metaSeal = "seal.newest"

// seal returns a text as it is kept in a row of a sealed column.
func (tx *Tx) seal(c *sealedColumn, text string, key ...string) (string, error) {
	k := tx.sealer.keys.Load()
	if k == nil {
		return "", errNoKeys
	}
	newest, err := tx.newestKey()
	if err == nil && newest > k.Newest() {
		k, err = tx.sealer.renew(tx.ctx)
	}
	if err != nil {
		return "", err
	}
	return k.Seal(c.at(key...), text), nil
}

// unseal returns what a row of a sealed column holds.
func (tx *Tx) unseal(c *sealedColumn, sealed string, key ...string) (string, error) {
	k := tx.sealer.keys.Load()
	if k == nil {
		return "", errNoKeys
	}
	text, err := k.Open(c.at(key...), sealed)
	if !seal.UnknownKey(err) {
		return text, err
	}
	if k, err = tx.sealer.renew(tx.ctx); err != nil {
		return "", err
	}
	return k.Open(c.at(key...), sealed)
}

// newestKey returns the number of the newest key that seals; zero: nobody said.
func (tx *Tx) newestKey() (uint32, error) {
	text, err := tx.Meta(metaSeal)
	if err != nil || text == "" {
		return 0, err
	}
	n, err := strconv.ParseUint(text, 10, 32)
	return uint32(n), err
}

// resealed is how many texts are sealed anew in one transaction.
const resealed = 500

// Reseal seals with the newest key what older ones sealed, and returns how many texts that
// were. Others may read and write meanwhile: from the first moment on they seal with the
// newest key too. It reports how far it came where it fails, and can be run again.
func (db *DB) Reseal(ctx context.Context) (n int, err error) {
	k, err := db.sealer.renew(ctx)
	if err != nil {
		return 0, err
	}
	if k == nil {
		return 0, errNoKeys
	}
	if err := db.Update(ctx, func(tx *Tx) error { return tx.SetMeta(metaSeal, strconv.Itoa(int(k.Newest()))) }); err != nil {
		return 0, err
	}
	for _, c := range sealedColumns {
		done, err := db.resealColumn(ctx, k, c)
		n += done
		if err != nil {
			return n, fmt.Errorf("seal %s.%s anew: %w", c.table, c.column, err)
		}
	}
	return n, nil
}

// sealedText is a text that an older key sealed, and its row.
type sealedText struct {
	key  []string
	text string
}

func (db *DB) resealColumn(ctx context.Context, k *seal.Keys, c *sealedColumn) (n int, err error) {
	for {
		var done int
		err := db.Update(ctx, func(tx *Tx) error {
			list, err := tx.sealedBefore(c, k.Newest(), resealed)
			for done = 0; err == nil && done < len(list); done++ {
				err = tx.resealText(k, c, list[done])
			}
			return err
		})
		if err != nil || done == 0 {
			return n, err
		}
		n += done
	}
}

// resealText seals one text anew, unless somebody was faster.
func (tx *Tx) resealText(k *seal.Keys, c *sealedColumn, t sealedText) error {
	text, err := tx.unseal(c, t.text, t.key...)
	if err == nil {
		_, err = tx.exec(c.replace, t.key[0], t.text, k.Seal(c.at(t.key...), text))
	}
	return err
}

// sealedBefore returns texts of a column that keys before a number sealed, at most so
// many. What was never sealed is none of them.
func (tx *Tx) sealedBefore(c *sealedColumn, number uint32, most int) ([]sealedText, error) {
	found := 0
	return tx.sealedTexts(c, func(text string) bool {
		n, ok := seal.Number(text)
		ok = ok && n < number && found < most
		if ok {
			found++
		}
		return ok
	})
}

// sealedTexts returns the texts of a column that are wanted.
func (tx *Tx) sealedTexts(c *sealedColumn, want func(text string) bool) ([]sealedText, error) {
	var list []sealedText
	key := make([]string, len(c.key))
	err := each(tx, c.texts, func(text *string) []any {
		to := make([]any, 0, len(key)+1)
		for i := range key {
			to = append(to, optional(&key[i]))
		}
		return append(to, optional(text))
	}, func(text *string) error {
		if want(*text) {
			list = append(list, sealedText{slices.Clone(key), *text})
		}
		return nil
	})
	return list, err
}
