// SPDX-License-Identifier: Apache-2.0

package openid

import (
	"crypto/sha256"
	"sync"
	"time"
)

// memory keeps answers that never change, by what was asked. When it is full it forgets all
// of them: whoever fills it gains nothing but that others are answered as slowly as without.
type memory[K comparable, V any] struct {
	mu   sync.RWMutex
	kept map[K]V
}

// get returns what is kept for a question.
func (m *memory[K, V]) get(k K) (V, bool) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	v, ok := m.kept[k]
	return v, ok
}

// keep keeps an answer, as one of at most so many.
func (m *memory[K, V]) keep(k K, v V, most int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.kept == nil || len(m.kept) >= most {
		m.kept = make(map[K]V)
	}
	m.kept[k] = v
}

// maxRecent is how many names of one customer are remembered in the time of seenFor, twice.
const maxRecent = 100_000

// seenFor is how long a proof is remembered at least: as long as it would be good.
const seenFor = nonceLife + 2*clockOff

// recent remembers names for a while. Each comes first once.
type recent struct {
	mu          sync.Mutex
	now, before map[[sha256.Size]byte]struct{} // since turned, and in the while before that
	turned      time.Time
}

// first reports whether a name was not there lately. It is full when it cannot remember more:
// then nothing comes first.
func (r *recent) first(name [sha256.Size]byte, at time.Time) (fresh, full bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if age := at.Sub(r.turned); age >= seenFor {
		if r.before = r.now; age >= 2*seenFor {
			r.before = nil
		}
		r.now, r.turned = map[[sha256.Size]byte]struct{}{}, at
	}
	_, now := r.now[name]
	_, before := r.before[name]
	if now || before {
		return false, false
	}
	if len(r.now) >= maxRecent {
		return false, true
	}
	r.now[name] = struct{}{}
	return true, false
}
