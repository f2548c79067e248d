// SPDX-License-Identifier: Apache-2.0

package store

import (
	"context"
	"fmt"
	"strings"
	"testing"
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

// plan returns how SQLite finds the rows of q.
func plan(t *testing.T, db *DB, q *statement) (how string) {
	t.Helper()
	err := db.View(context.Background(), func(tx *Tx) error {
		var args []any
		for n := 1; strings.Contains(q.text, fmt.Sprint("$", n)); n++ {
			args = append(args, "")
		}
		var id, parent, unused int
		return tx.c.QueryRowContext(tx.ctx, "EXPLAIN QUERY PLAN "+q.text, args...).Scan(&id, &parent, &unused, &how)
	})
	if err != nil {
		t.Fatal(err)
	}
	return how
}
