// SPDX-License-Identifier: Apache-2.0

package store

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"verlof/store/migration"
)

// TestPlans: what is asked on every page finds its rows by an index, and by the
// right one, in an SQLite database about which no statistics were gathered.
func TestPlans(t *testing.T) {
	db := openFresh(t, "sqlite:"+t.TempDir())
	tests := []struct {
		q    *statement
		want string
	}{
		{qRequestsIn, "SEARCH leave_request USING INDEX leave_request_dates (to_date>?)"},
		{qRequestsOfIn, "SEARCH leave_request USING INDEX leave_request_person (person=? AND state=?)"},
		{qCountingOf, "SEARCH leave_request USING INDEX leave_request_person (person=? AND state=?)"},
		{qPendingRequests, "SEARCH leave_request USING INDEX leave_request_state (state=?)"},
		{qSubstituteRequests, "SEARCH leave_request USING INDEX leave_request_substitute (substitute=? AND to_date>?)"},
		{qRequestsInCollective, "SEARCH leave_request USING INDEX leave_request_collective (collective=?)"},
		{qAdjustmentsOf, "SEARCH adjustment USING INDEX adjustment_person (person=?)"},
		{qClaimsOf, "SEARCH claim USING INDEX claim_person (person=?)"},
		{qPendingClaims, "SEARCH claim USING INDEX claim_state (state=?)"},
		{qSession, "SEARCH session USING INDEX sqlite_autoindex_session_1 (digest=?)"},
		{qDue, "SEARCH outbox USING INDEX outbox_due (due_us<?)"},
		{qHasOld, "SEARCH outbox USING COVERING INDEX outbox_ended (ended_us<?)"},
		{qDeliveries, "SEARCH webhook_delivery USING INDEX webhook_delivery_webhook (webhook=?)"},
		{qNextDue, "SEARCH outbox USING COVERING INDEX outbox_due (due_us>?)"},
	}
	for _, tt := range tests {
		t.Run(tt.q.name, func(t *testing.T) {
			got := plan(t, db, tt.q)
			if !strings.HasPrefix(got, tt.want) {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

// TestPlanOfLastDrills: of each database the last drill is found by the index, and none of those before is looked at.
func TestPlanOfLastDrills(t *testing.T) {
	db := openAt(t, "sqlite:"+t.TempDir(), migration.Registry)
	got := plan(t, db, qLastDrills)
	for step := range strings.Lines(got) {
		if strings.HasPrefix(step, "SCAN ") && step != "SCAN drilled\n" { // the databases
			t.Errorf("every drill there ever was is read:\n%s", got)
		}
	}
}

// plan returns how SQLite finds the rows of q, step by step.
func plan(t *testing.T, db *DB, q *statement) string {
	t.Helper()
	var steps []string
	err := db.View(context.Background(), func(tx *Tx) error {
		var args []any
		for n := 1; strings.Contains(q.text, fmt.Sprint("$", n)); n++ {
			args = append(args, "")
		}
		rows, err := tx.c.QueryContext(tx.ctx, "EXPLAIN QUERY PLAN "+q.text, args...)
		if err != nil {
			return err
		}
		defer func() { _ = rows.Close() }()
		for rows.Next() {
			var id, parent, unused int
			var how string
			if err := rows.Scan(&id, &parent, &unused, &how); err != nil {
				return err
			}
			steps = append(steps, how)
		}
		return rows.Err()
	})
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(steps, "\n") + "\n"
}
