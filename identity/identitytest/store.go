// SPDX-License-Identifier: Apache-2.0

// Package identitytest owns what tests of identity stand on: a Store in memory,
// the contract that every Store passes, and a cheap Hasher. It refuses to be used
// outside tests.
package identitytest

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"slices"
	"sync"
	"time"

	"verlof/errs"
	"verlof/identity"
	"verlof/internal/order"
	"verlof/people"
)

// Hasher returns a Hasher that works as the real one and takes no time.
func Hasher() *identity.Hasher {
	return identity.NewHasher(identity.Params{Memory: 16, Time: 1, Threads: 1}, 4, 10*time.Second)
}

// Mail is a row of the outbox.
type Mail struct {
	Kind    string
	Key     string
	Payload []byte
}

// Store keeps one customer's data in memory. An Update that fails leaves nothing
// behind, a View cannot write, and updates run one after the other.
type Store struct {
	mu    sync.RWMutex
	data  data
	trace []string
}

type purposeKey struct {
	person  people.ID
	purpose identity.Purpose
}

type data struct {
	persons  map[people.ID]people.Person
	accounts map[people.ID]identity.Account
	sessions map[identity.Digest]identity.Session
	devices  map[identity.Digest]identity.Device
	tickets  map[purposeKey]identity.Ticket
	tallies  map[string]identity.Tally
	outbox   []Mail

	teams      []people.Team
	roles      []people.Role
	factors    map[string]identity.Factor
	recovery   map[people.ID]identity.Recovery
	ceremonies map[identity.Digest]identity.Ceremony
	policy     identity.Policy
	providers  int
	records    []identity.Record
	ended      []string // ids of sessions
	tokens     map[people.ID][]string
	given      int // what applications were given for when people are away
}

// NewStore returns a Store that knows persons and nothing else.
func NewStore(persons ...people.Person) *Store {
	s := &Store{data: data{
		persons:  map[people.ID]people.Person{},
		accounts: map[people.ID]identity.Account{},
		sessions: map[identity.Digest]identity.Session{},
		devices:  map[identity.Digest]identity.Device{},
		tickets:  map[purposeKey]identity.Ticket{},
		tallies:  map[string]identity.Tally{},

		factors:    map[string]identity.Factor{},
		recovery:   map[people.ID]identity.Recovery{},
		ceremonies: map[identity.Digest]identity.Ceremony{},
		policy:     identity.DefaultPolicy(),
		tokens:     map[people.ID][]string{},
	}}
	for _, p := range persons {
		s.SavePerson(p)
	}
	return s
}

func (d data) clone() data {
	return data{
		maps.Clone(d.persons), maps.Clone(d.accounts), maps.Clone(d.sessions), maps.Clone(d.devices),
		maps.Clone(d.tickets), maps.Clone(d.tallies), slices.Clone(d.outbox),
		d.teams, d.roles, maps.Clone(d.factors), maps.Clone(d.recovery), maps.Clone(d.ceremonies), d.policy, d.providers, slices.Clone(d.records), slices.Clone(d.ended), maps.Clone(d.tokens), d.given,
	}
}

// Give has applications be given so many things, whoever's, for when people are away.
func (s *Store) Give(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.data.given = n
}

// Tokens has a person have access tokens of these names, and returns which they had.
func (s *Store) Tokens(person people.ID, names ...string) (had []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	had, s.data.tokens[person] = s.data.tokens[person], names
	return had
}

// SaveTeams replaces the teams.
func (s *Store) SaveTeams(teams ...people.Team) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.data.teams = teams
}

// SaveRoles replaces the customer's own roles.
func (s *Store) SaveRoles(roles ...people.Role) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.data.roles = roles
}

// SavePerson adds or replaces a person.
func (s *Store) SavePerson(p people.Person) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.data.persons[p.ID] = p
}

// Bare has a person's hash rest as it did before hashes were sealed.
func (s *Store) Bare(id people.ID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	a := s.data.accounts[id]
	a.Bare = true
	s.data.accounts[id] = a
}

// Outbox returns the mails in the order in which they were put there.
func (s *Store) Outbox() []Mail {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return slices.Clone(s.data.outbox)
}

// Ended returns the IDs of the sessions that ended for good, and whose applications were shut
// out, in order.
func (s *Store) Ended() []string {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return slices.Clone(s.data.ended)
}

// Tallies returns how many tallies there are.
func (s *Store) Tallies() int {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return len(s.data.tallies)
}

// TakeTrace returns the names of the calls since the last TakeTrace, "View" and
// "Update" among them. Two ways through a Service that must not be told apart have
// the same trace.
func (s *Store) TakeTrace() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	t := s.trace
	s.trace = nil
	return t
}

// View runs f on what is there.
func (s *Store) View(ctx context.Context, f func(identity.Tx) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	s.mu.Lock() // the trace is written
	defer s.mu.Unlock()
	t := &tx{data: &s.data, trace: &s.trace}
	t.note("View")
	return f(t)
}

// Update runs f on a copy, which becomes what is there unless f fails.
func (s *Store) Update(ctx context.Context, f func(identity.Tx) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	d := s.data.clone()
	t := &tx{data: &d, trace: &s.trace, writable: true}
	t.note("Update")
	if err := f(t); err != nil {
		return err
	}
	s.data = d
	return nil
}

type tx struct {
	*data
	trace    *[]string
	writable bool
}

func (t *tx) note(call string) { *t.trace = append(*t.trace, call) }

// write notes a call that writes. A View does not survive it.
func (t *tx) write(call string) {
	t.note(call)
	if !t.writable {
		panic("identitytest: " + call + " in a View")
	}
}

var none = errs.New(errs.NotFound, "")

func get[K comparable, V any](m map[K]V, k K) (V, error) {
	v, ok := m[k]
	if !ok {
		return v, none
	}
	return v, nil
}

func (t *tx) Lock(names ...string) error {
	t.write("Lock")
	return nil // updates run one after the other
}

func (t *tx) Person(id people.ID) (people.Person, error) {
	t.note("Person")
	return get(t.persons, id)
}

func (t *tx) PersonByEmail(email string) (people.Person, error) {
	t.note("PersonByEmail")
	for _, p := range t.persons {
		if p.Email == email && email != "" {
			return p, nil
		}
	}
	return people.Person{}, none
}

func (t *tx) Account(id people.ID) (identity.Account, error) {
	t.note("Account")
	return get(t.accounts, id)
}

func (t *tx) SaveAccount(a identity.Account) error {
	t.write("SaveAccount")
	if _, ok := t.persons[a.Person]; !ok {
		return errors.New("an account of nobody")
	}
	a.Bare = false
	t.accounts[a.Person] = a
	return nil
}

func (t *tx) Session(d identity.Digest) (identity.Session, error) {
	t.note("Session")
	return get(t.sessions, d)
}

func (t *tx) Sessions(id people.ID) ([]identity.Session, error) {
	t.note("Sessions")
	var all []identity.Session
	for _, s := range t.sessions {
		if s.Person == id {
			all = append(all, s)
		}
	}
	order.By(all, func(a, b identity.Session) int {
		return cmp.Or(b.Created.Compare(a.Created), cmp.Compare(b.ID, a.ID))
	})
	return all, nil
}

func (t *tx) InsertSession(s identity.Session) error {
	t.write("InsertSession")
	if _, ok := t.sessions[s.Digest]; ok {
		return errs.New(errs.Conflict, "")
	}
	t.sessions[s.Digest] = s
	return nil
}

func (t *tx) TouchSession(d identity.Digest, seen, expires time.Time) error {
	t.write("TouchSession")
	if s, ok := t.sessions[d]; ok {
		s.Seen, s.Expires = seen, expires
		t.sessions[d] = s
	}
	return nil
}

func (t *tx) SessionEnded(session string) error {
	t.write("SessionEnded")
	t.ended = append(t.ended, session)
	return nil
}

func (t *tx) GrantsEnded(person people.ID, keep string) (int, error) {
	t.write("GrantsEnded")
	t.ended = append(t.ended, "all of "+string(person)+" but "+keep)
	n := t.given
	t.given = 0
	return n, nil
}

func (t *tx) TokensEnded(person people.ID, _ time.Time) ([]string, error) {
	t.write("TokensEnded")
	names := t.tokens[person]
	delete(t.tokens, person)
	return names, nil
}

func (t *tx) DeleteSession(d identity.Digest) error {
	t.write("DeleteSession")
	delete(t.sessions, d)
	return nil
}

func (t *tx) Devices(id people.ID) ([]identity.Device, error) {
	t.note("Devices")
	var all []identity.Device
	for _, d := range t.devices {
		if d.Person == id {
			all = append(all, d)
		}
	}
	order.By(all, func(a, b identity.Device) int {
		return cmp.Or(b.Used.Compare(a.Used), cmp.Compare(a.Digest, b.Digest))
	})
	return all, nil
}

func (t *tx) SaveDevice(d identity.Device) error {
	t.write("SaveDevice")
	t.devices[d.Digest] = d
	return nil
}

func (t *tx) DeleteDevice(d identity.Digest) error {
	t.write("DeleteDevice")
	delete(t.devices, d)
	return nil
}

func (t *tx) Ticket(d identity.Digest) (identity.Ticket, error) {
	t.note("Ticket")
	for _, k := range t.tickets {
		if k.Digest == d {
			return k, nil
		}
	}
	return identity.Ticket{}, none
}

func (t *tx) SaveTicket(k identity.Ticket) error {
	t.write("SaveTicket")
	t.tickets[purposeKey{k.Person, k.Purpose}] = k
	return nil
}

func (t *tx) DeleteTickets(id people.ID) error {
	t.write("DeleteTickets")
	maps.DeleteFunc(t.tickets, func(k purposeKey, _ identity.Ticket) bool { return k.person == id })
	return nil
}

func (t *tx) Tally(key string) (identity.Tally, error) {
	t.note("Tally")
	return t.tallies[key], nil
}

func (t *tx) SaveTally(y identity.Tally) error {
	t.write("SaveTally")
	t.tallies[y.Key] = y
	return nil
}

func (t *tx) DeleteTally(key string) error {
	t.write("DeleteTally")
	delete(t.tallies, key)
	return nil
}

func (t *tx) CountTallies() (int, error) {
	t.note("CountTallies")
	return len(t.tallies), nil
}

func (t *tx) Forget(now time.Time, limit int) error {
	t.write("Forget")
	forget(t.sessions, limit, func(s identity.Session) bool { return !s.Expires.After(now) })
	forget(t.devices, limit, func(d identity.Device) bool { return !d.Expires.After(now) })
	forget(t.tickets, limit, func(k identity.Ticket) bool { return !k.Expires.After(now) })
	forget(t.ceremonies, limit, func(c identity.Ceremony) bool { return !c.Expires.After(now) })
	forget(t.tallies, limit, func(y identity.Tally) bool { return !y.Expires.After(now) })
	return nil
}

func forget[K comparable, V any](m map[K]V, limit int, expired func(V) bool) {
	for k, v := range m {
		if limit > 0 && expired(v) {
			delete(m, k)
			limit--
		}
	}
}

func (t *tx) Enqueue(kind, key string, payload []byte) error {
	t.write("Enqueue")
	if !slices.ContainsFunc(t.outbox, func(m Mail) bool { return m.Key == key }) {
		t.outbox = append(t.outbox, Mail{kind, key, payload})
	}
	return nil
}
