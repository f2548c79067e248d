// SPDX-License-Identifier: Apache-2.0

package notify

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// kind is what there is to know about one kind of outbox row.
type kind struct {
	key      string                                                              // of its sentences in the catalogues
	path     string                                                              // of the page that the link opens, before the id or the secret
	sick     bool                                                                // about a report of sickness, of which mail tells dates alone
	byHand   bool                                                                // about a line that was written into a balance by hand
	plain    bool                                                                // tells of nothing that has a date or an asker
	decides  bool                                                                // asks for a decision: tells those who decide what they want to know
	decision bool                                                                // names who decided, and why
	dates    bool                                                                // of the leave it tells the dates alone
	digest   bool                                                                // tells who is away, on the day that the event names
	day      bool                                                                // of the site as a whole, on the day that the event names
	page     string                                                              // the page that the link opens, where it is not about one request
	to       func(ctx context.Context, dir Directory, e Event) ([]string, error) // nil: about an account
}

// kinds are the rows that become mail; leave and identity write them.
var kinds = map[string]kind{
	"leave.requested":           {key: "mail.requested", path: "/requests/", decides: true, to: whoDecides},
	"leave.revised":             {key: "mail.revised", path: "/requests/", decides: true, to: whoDecidesAnew},
	"leave.unasked":             {key: "mail.unasked", page: "/inbox", dates: true, to: wasAsked},
	"leave.forwarded":           {key: "mail.forwarded", path: "/requests/", decides: true, to: whoDecides},
	"leave.reminder":            {key: "mail.reminder", path: "/requests/", decides: true, to: whoDecides},
	"leave.clock":               {key: "mail.by_clock", path: "/requests/", to: settles},
	"leave.by_clock":            {key: "mail.by_clock", path: "/requests/", to: everybody},
	"leave.stand_in":            {key: "mail.stand_in", page: "/inbox", to: whoStandsIn},
	"leave.approved":            {key: "mail.approved", path: "/requests/", decision: true, to: whose},
	"leave.refused":             {key: "mail.refused", path: "/requests/", decision: true, to: whose},
	"leave.withdrawn":           {key: "mail.withdrawn", path: "/requests/", to: everybody},
	"leave.cancelled":           {key: "mail.cancelled", path: "/requests/", to: everybody},
	"leave.substitute_asked":    {key: "mail.substitute_asked", path: "/inbox?duty=", dates: true, to: whoSubstitutes},
	"leave.substitute_agreed":   {key: "mail.substitute_agreed", path: "/requests/", to: whose},
	"leave.substitute_declined": {key: "mail.substitute_declined", path: "/requests/", to: whoArranges},
	"leave.substitute_sure":     {key: "mail.substitute_sure", path: "/inbox?duty=", dates: true, to: whoSubstitutes},
	"leave.substitute_free":     {key: "mail.substitute_free", page: "/inbox", dates: true, to: wasSubstitute},
	"claim.asked":               {key: "mail.claimed", path: "/inbox?claim=", to: whoDecides},
	"claim.approved":            {key: "mail.claim_approved", path: "/claims?claim=", decision: true, to: whose},
	"claim.withdrawn":           {key: "mail.claim_withdrawn", page: "/inbox", dates: true, to: whoDecided},
	"claim.cancelled":           {key: "mail.claim_cancelled", path: "/claims?claim=", to: whose},
	"claim.refused":             {key: "mail.claim_refused", path: "/claims?claim=", decision: true, to: whose},
	"leave.collective":          {key: "mail.collective", path: "/requests/", decision: true, to: whose},
	"leave.collective-undone":   {key: "mail.collective_undone", path: "/requests/", decision: true, to: whose},
	"leave.changed":             {key: "mail.changed_balance", path: "/balance", plain: true, to: whose},
	"leave.adjusted":            {key: "mail.adjusted", path: "/balance", byHand: true, to: whose},
	"leave.notice":              {key: "mail.notice", path: "/notices/", to: whose},
	"leave.digests":             {to: makesDigests},
	"leave.digest":              {key: "mail.digest", page: "/calendar", digest: true, to: whoIsTold},
	"webhook.broken":            {key: "mail.webhook_broken", path: "/manage/webhooks/", plain: true, to: whose},
	"bureau.ending":             {key: "mail.bureau_ending", path: "/manage/bureaus/", plain: true, to: whoAdmits},
	"tenant.closing":            {key: "mail.closing", day: true, to: whoseIsClosed},
	"identity.invited":          {key: "mail.invited", path: "/invitation/"},
	"identity.reset":            {key: "mail.reset", path: "/reset/"},
	"identity.changed":          {key: "mail.changed", path: "/sign-in"},
	"identity.factor-added":     {key: "mail.factor_added", path: "/account"},
	"identity.factor-removed":   {key: "mail.factor_removed", path: "/account"},
	"identity.factors-reset":    {key: "mail.factors_reset", path: "/sign-in"},
	"identity.sessions-ended":   {key: "mail.sessions_ended", path: "/sign-in"},
	"identity.code-used":        {key: "mail.code_used", path: "/account"},
	"identity.readdressed":      {key: "mail.readdressed", path: "/sign-in"},
	"identity.elsewhere":        {key: "mail.elsewhere", path: "/account"},
	"sick.reported":             {key: "mail.sick_reported", path: "/absences/", sick: true, to: whoLeads},
	"sick.recovered":            {key: "mail.sick_recovered", path: "/absences/", sick: true, to: whoLeads},
	"sick.withdrawn":            {key: "mail.sick_withdrawn", path: "/absences/", sick: true, to: whoLeads},
}

// recipients returns the ids of those who get a mail about leave, each once and
// without the one who did it. None: the event has lost its meaning meanwhile.
func recipients(ctx context.Context, dir Directory, k kind, e Event) ([]string, error) {
	ids, err := k.to(ctx, dir, e)
	if err != nil {
		return nil, fmt.Errorf("recipients: %w", err)
	}
	ids = slices.DeleteFunc(ids, func(id string) bool {
		return id == e.By || e.To != "" && id != e.To
	})
	slices.Sort(ids)
	return slices.Compact(ids), nil
}

// whoDecides are those who may decide, as long as there is something to decide.
func whoDecides(ctx context.Context, dir Directory, e Event) ([]string, error) {
	r, err := dir.Request(ctx, e.Request)
	if err != nil || !r.Pending {
		return nil, err
	}
	return dir.Deciders(ctx, e.Request)
}

// whoDecidesAnew are those who may decide on what was changed, and the person, as long as there is something to decide.
func whoDecidesAnew(ctx context.Context, dir Directory, e Event) ([]string, error) {
	ids, err := whoDecides(ctx, dir, e)
	if len(ids) == 0 {
		return nil, err
	}
	return append(ids, e.Person), err
}

// wasAsked is the one who had to decide on something else before.
func wasAsked(_ context.Context, _ Directory, e Event) ([]string, error) { return []string{e.To}, nil }

// whoDecided are those who had to decide, now that there is nothing to decide any more.
func whoDecided(ctx context.Context, dir Directory, e Event) ([]string, error) {
	return dir.Deciders(ctx, e.Request)
}

// settles has done what there is to do when the time for an answer is over. It tells
// nobody: what it does writes a row of its own.
func settles(ctx context.Context, dir Directory, e Event) ([]string, error) {
	return nil, dir.Settle(ctx, e.Request)
}

// makesDigests has the digests made that are due, each of which is a row of its own.
func makesDigests(ctx context.Context, dir Directory, _ Event) ([]string, error) {
	return nil, dir.MakeDigests(ctx)
}

// whoIsTold is the person who wanted to be told who is away, as long as there is something to tell.
func whoIsTold(ctx context.Context, dir Directory, e Event) ([]string, error) {
	d, err := dir.Digest(ctx, e.Person, e.Request)
	if err != nil || len(d.Away)+len(d.Soon) == 0 {
		return nil, err
	}
	return []string{e.Person}, nil
}

// whoStandsIn is the one who stands in for the person, as long as they do.
func whoStandsIn(ctx context.Context, dir Directory, e Event) ([]string, error) {
	in, err := dir.StandsIn(ctx, e.To, e.Person)
	if err != nil || !in {
		return nil, err
	}
	return []string{e.To}, nil
}

// whose is the person whose leave it is.
func whose(_ context.Context, _ Directory, e Event) ([]string, error) {
	return []string{e.Person}, nil
}

// whoseIsClosed is the person who is told that the customer is to be closed, unless that was withdrawn since.
func whoseIsClosed(ctx context.Context, dir Directory, e Event) ([]string, error) {
	if e.At > 0 {
		if off, err := dir.Reopened(ctx, time.UnixMicro(e.At)); err != nil || off {
			return nil, err
		}
	}
	return whose(ctx, dir, e)
}

// whoSubstitutes is the one who was named to do the work of the person, as long as they are
// and the leave stands.
func whoSubstitutes(ctx context.Context, dir Directory, e Event) ([]string, error) {
	r, err := dir.Request(ctx, e.Request)
	if err != nil || r.Substitute != e.To {
		return nil, err
	}
	return []string{e.To}, nil
}

// wasSubstitute is the one who has nothing to do for the person any more.
func wasSubstitute(ctx context.Context, dir Directory, e Event) ([]string, error) {
	r, err := dir.Request(ctx, e.Request)
	if err != nil || r.Substitute == e.To {
		return nil, err
	}
	return []string{e.To}, nil
}

// whoArranges is the person, and where the leave is approved those who decide too.
func whoArranges(ctx context.Context, dir Directory, e Event) ([]string, error) {
	r, err := dir.Request(ctx, e.Request)
	if err != nil || r.Pending {
		return []string{e.Person}, err
	}
	return everybody(ctx, dir, e)
}

// whoAdmits are those who may let a bureau stay longer, as long as it is about to end.
func whoAdmits(ctx context.Context, dir Directory, e Event) ([]string, error) {
	return dir.Ending(ctx, e.Request)
}

// whoLeads are those who lead the person whose absence is told of, and the person.
func whoLeads(ctx context.Context, dir Directory, e Event) ([]string, error) {
	s, err := dir.Sick(ctx, e.Request)
	return append(s.Leaders, e.Person), err
}

// everybody is the person and all who may decide.
func everybody(ctx context.Context, dir Directory, e Event) ([]string, error) {
	ids, err := dir.Deciders(ctx, e.Request)
	return append(ids, e.Person), err
}
