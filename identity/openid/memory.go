// SPDX-License-Identifier: Apache-2.0

package openid

import "sync"

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
