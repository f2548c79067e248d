// SPDX-License-Identifier: Apache-2.0

package store

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"verlof/errs"
)

// Shut says why a database takes no changes. The wall stands in the database itself, as
// triggers, so that it holds for every process that has the database open, whatever that
// process knows of the registry. The empty one is that of a database that takes changes.
type Shut string

// The reasons.
const (
	ShutFrozen Shut = "frozen" // people look and sign in; nothing else changes
	ShutMoved  Shut = "moved"  // another database is in force: here nothing changes any more
)

// Where a database keeps why it is shut, and for which one it was left.
const (
	metaShut = "shut"
	metaLeft = "left for"
)

// Left says which database of a customer is to be in force in place of one that was left, and
// who decided so. The zero one is that of a database that nobody left.
type Left struct {
	To     string `json:"to"` // as the registry names it
	By     string `json:"by"`
	Reason string `json:"reason,omitempty"`
	Moved  bool   `json:"moved,omitempty"`  // what was there was moved: it is the same
	Schema int64  `json:"schema,omitempty"` // that it is to stay at until somebody asks for more; 0: it is brought up to date
}

// whileFrozen are the tables that signing in writes, of people and of programs. They go on
// while the rest is frozen, or nobody could look.
var whileFrozen = []string{"access_answer", "access_token", "ceremony", "client_code", "client_grant", "device", "device_request",
	"factor", "feed", "proof_used", "pushed_request", "recovery", "refresh_token", "service_token", "session", "sign_in_record", "signing_key", "sso_flow", "sso_link", "sso_session", "sso_taken", "subject", "tally", "ticket"}

// shutMark begins what the triggers say.
const shutMark = "verlof shut: "

// shutIn reads why a database is shut out of what its trigger said.
func shutIn(message string) Shut {
	_, why, _ := strings.Cut(message, shutMark)
	for _, s := range []Shut{ShutFrozen, ShutMoved} {
		if strings.HasPrefix(why, string(s)) {
			return s
		}
	}
	return ""
}

// fault returns what a change that meets the wall means.
func (s Shut) fault() fault {
	public := "store.error.frozen"
	if s == ShutMoved {
		public = "store.error.moved"
	}
	return fault{kind: errs.Unavailable, public: public, shut: s}
}

// Shut has the database refuse changes from the moment it returns, and Open anew with an
// empty reason. Whoever is changing something is waited for; who comes later waits, and is
// then refused.
func (db *DB) Shut(ctx context.Context, why Shut) error {
	return db.reshape(ctx, func(tx *Tx) error { return tx.Shut(why) })
}

// LeaveFor is Shut for a database that another one follows. Which one is kept with the wall, in one
// transaction: so it is decided, and whoever meets the wall can have the registry say so where the
// one who left was killed before that.
func (db *DB) LeaveFor(ctx context.Context, left Left) error {
	return db.reshape(ctx, func(tx *Tx) error { return tx.leaveFor(left) })
}

func (tx *Tx) leaveFor(left Left) error {
	text, err := json.Marshal(left)
	if err != nil {
		return err
	}
	return tx.shut(ShutMoved, string(text))
}

// Shut is DB.Shut as part of a transaction, after which nothing in it writes any more.
func (tx *Tx) Shut(why Shut) error { return tx.shut(why, "") }

func (tx *Tx) shut(why Shut, left string) error {
	tables, err := tx.Tables()
	if err != nil {
		return err
	}
	d := tx.c.d
	old, err := list(tx, d.walls.text, func(v []any) [2]string { return [2]string{fmt.Sprint(v[0]), fmt.Sprint(v[1])} })
	if err != nil {
		return err
	}
	for _, w := range old {
		if err := tx.define(d.pullDown(w[0], w[1])); err != nil {
			return err
		}
	}
	if was, err := tx.Meta(metaLeft); err != nil {
		return err
	} else if was != left {
		if err := tx.SetMeta(metaLeft, left); err != nil {
			return err
		}
	}
	if err := tx.SetMeta(metaShut, string(why)); err != nil || why == "" {
		return err
	}
	if err := tx.define(d.wallAround); err != nil {
		return err
	}
	for _, table := range tables {
		if why == ShutFrozen && slices.Contains(whileFrozen, table) {
			continue
		}
		for _, text := range d.putUp(table, why) {
			if err := tx.define(text); err != nil {
				return err
			}
		}
	}
	return nil
}

// WhyShut returns why the database takes no changes; empty where it does.
func (tx *Tx) WhyShut() (Shut, error) {
	why, err := tx.Meta(metaShut)
	return Shut(why), err
}

// Left returns for which database this one was left.
func (tx *Tx) Left() (left Left, err error) {
	text, err := tx.Meta(metaLeft)
	if err == nil && text != "" {
		err = json.Unmarshal([]byte(text), &left)
	}
	return left, err
}

// Tables returns the names of the database's own tables, in order.
func (tx *Tx) Tables() ([]string, error) {
	return list(tx, tx.c.d.tables.text, func(v []any) string { return fmt.Sprint(v...) })
}

// define sends a statement that changes the schema, if there is one.
func (tx *Tx) define(text string) error {
	if text == "" {
		return nil
	}
	return tx.sendText("define", text)
}

// sendText sends a statement that is none of the program's: it names tables that a database has.
func (tx *Tx) sendText(name, text string, values ...any) error {
	q := &statement{name: name, text: text}
	ctx, err := tx.ready(q)
	if err == nil {
		if _, err = tx.c.ExecContext(ctx, text, values...); err != nil {
			err = tx.fail(q, err)
		}
		tx.changed = true
		tx.spoil(spoiled{})
	}
	return err
}

// What the walls are made of, engine by engine.
var (
	sqliteWalls   = control("SELECT name, tbl_name FROM sqlite_schema WHERE type = 'trigger' AND name LIKE 'verlof_shut_%'")
	postgresWalls = control(`SELECT t.tgname, c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
		WHERE t.tgname = 'verlof_shut' AND c.relnamespace = current_schema()::regnamespace ORDER BY c.relname`)
	postgresTables = control(`SELECT tablename FROM pg_tables
		WHERE schemaname = current_schema() AND tablename NOT LIKE 'goose_%' ORDER BY tablename`)
)

// What the columns are, engine by engine: table, column, TEXT, BIGINT or BYTEA, and 1 where it may not be null.
var (
	sqliteColumnTypes = control(`SELECT m.name, c.name, c.type, c."notnull" FROM sqlite_schema m JOIN pragma_table_info(m.name) c
		WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' AND m.name NOT LIKE 'goose_%' ORDER BY m.name, c.cid`)
	postgresColumnTypes = control(`SELECT table_name, column_name, CASE data_type WHEN 'bigint' THEN 'BIGINT' WHEN 'bytea' THEN 'BYTEA' ELSE 'TEXT' END,
		CASE is_nullable WHEN 'NO' THEN 1 ELSE 0 END FROM information_schema.columns
		WHERE table_schema = current_schema() AND table_name NOT LIKE 'goose_%' ORDER BY table_name, ordinal_position`)
)

func pullDownSQLite(name, _ string) string { return "DROP TRIGGER " + quote(name) }

func pullDownPostgres(name, table string) string {
	return "DROP TRIGGER " + quote(name) + " ON " + quote(table)
}

func putUpSQLite(table string, why Shut) (texts []string) {
	for _, act := range []string{"INSERT", "UPDATE", "DELETE"} {
		texts = append(texts, fmt.Sprintf("CREATE TRIGGER %s BEFORE %s ON %s BEGIN SELECT RAISE(ABORT, '%s'); END",
			quote("verlof_shut_"+strings.ToLower(act)+"_"+table), act, quote(table), shutMark+string(why)))
	}
	return texts
}

// postgresWall is what the triggers of PostgreSQL call. Its code is of a class that neither
// the standard nor PostgreSQL uses.
const (
	postgresShut = "VL001"
	postgresWall = `CREATE OR REPLACE FUNCTION verlof_shut() RETURNS trigger LANGUAGE plpgsql AS
		$$ BEGIN RAISE EXCEPTION '` + shutMark + `%', TG_ARGV[0] USING ERRCODE = '` + postgresShut + `'; END $$`
)

func putUpPostgres(table string, why Shut) []string {
	return []string{fmt.Sprintf("CREATE TRIGGER verlof_shut BEFORE INSERT OR UPDATE OR DELETE ON %s FOR EACH STATEMENT EXECUTE FUNCTION verlof_shut('%s')",
		quote(table), why)}
}
