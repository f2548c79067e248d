// SPDX-License-Identifier: Apache-2.0

package identity

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"

	"verlof/errs"
)

// Hash is a password at rest: Argon2id (RFC 9106) in the PHC string format,
// "$argon2id$v=19$m=19456,t=2,p=1$salt$key". Never log it.
type Hash string

// Params is how much work a hash is.
type Params struct {
	Memory  uint32 // KiB
	Time    uint32 // passes
	Threads uint8
}

// DefaultParams is the first choice of OWASP's password storage cheat sheet: 19
// MiB, two passes, one thread. About 20 ms.
var DefaultParams = Params{Memory: 19 * 1024, Time: 2, Threads: 1}

const (
	saltSize = 16
	keySize  = 32

	// A stored hash that asks for more than this is not computed.
	maxMemory = 128 << 10 // KiB
	maxWork   = 512 << 10 // KiB times passes
)

// Hasher computes hashes, so many at once and no more: with n slots the process
// gives passwords at most n times Params.Memory.
type Hasher struct {
	params   Params
	decoy    Hash          // a hash that no password has
	line     chan struct{} // whoever computes or waits
	slots    chan struct{} // whoever computes
	patience time.Duration
	computed atomic.Int64
}

// NewHasher returns a Hasher that computes atOnce hashes together and lets others
// wait for a slot up to patience. The line is bounded too.
func NewHasher(p Params, atOnce int, patience time.Duration) *Hasher {
	h := &Hasher{
		params:   p,
		line:     make(chan struct{}, 64*atOnce),
		slots:    make(chan struct{}, atOnce),
		patience: patience,
	}
	var b [saltSize + keySize]byte
	rand.Read(b[:])
	h.decoy = format(p, b[:saltSize], b[saltSize:])
	return h
}

// Hash computes the hash of a password. It reports TooMany when no slot came free
// in time. It asks for no strength: SetPassword's callers answer for that.
func (h *Hasher) Hash(ctx context.Context, password string) (Hash, error) {
	free, err := h.reserve(ctx)
	if err != nil {
		return "", err
	}
	defer free()
	return h.make(password), nil
}

// Computed returns how many hashes were computed so far.
func (h *Hasher) Computed() int64 { return h.computed.Load() }

// reserve waits for a slot. The caller must call free, once.
func (h *Hasher) reserve(ctx context.Context) (free func(), err error) {
	select {
	case h.line <- struct{}{}:
	default:
		return nil, h.busy()
	}
	timer := time.NewTimer(h.patience)
	defer timer.Stop()
	select {
	case h.slots <- struct{}{}:
		return func() { <-h.slots; <-h.line }, nil
	case <-timer.C:
		err = h.busy()
	case <-ctx.Done():
		err = ctx.Err()
	}
	<-h.line
	return nil, err
}

func (h *Hasher) busy() error {
	return errs.New(errs.TooMany, "identity.error.busy").Because(Delay(max(h.patience, time.Second)))
}

// make computes the hash of a password in a slot that the caller holds.
func (h *Hasher) make(password string) Hash {
	var salt [saltSize]byte
	rand.Read(salt[:])
	return format(h.params, salt[:], h.key(h.params, password, salt[:], keySize))
}

// matches computes one hash in a slot that the caller holds, whatever it is
// given: with an empty stored or one that cannot be read it takes the decoy.
func (h *Hasher) matches(stored Hash, password string) bool {
	p, salt, key, err := parse(stored)
	if err != nil {
		p, salt, key, _ = parse(h.decoy)
		h.key(p, password, salt, len(key))
		return false
	}
	return subtle.ConstantTimeCompare(h.key(p, password, salt, len(key)), key) == 1
}

// weak reports whether stored is less work than h asks for now.
func (h *Hasher) weak(stored Hash) bool {
	p, _, key, err := parse(stored)
	return err != nil || p.Memory < h.params.Memory || p.Time < h.params.Time || len(key) < keySize
}

// key computes Argon2id over the password in Unicode's NFKC, so that the same
// characters from another keyboard are the same password (NIST SP 800-63B-4,
// section 3.1.1.2).
func (h *Hasher) key(p Params, password string, salt []byte, size int) []byte {
	h.computed.Add(1)
	return argon2.IDKey([]byte(norm.NFKC.String(password)), salt, p.Time, p.Memory, p.Threads, uint32(size))
}

var b64 = base64.RawStdEncoding.Strict()

func format(p Params, salt, key []byte) Hash {
	return Hash(fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version,
		p.Memory, p.Time, p.Threads, b64.EncodeToString(salt), b64.EncodeToString(key)))
}

// parse reads a hash that format wrote, or that another system wrote in the same
// form.
func parse(h Hash) (p Params, salt, key []byte, err error) {
	bad := fmt.Errorf("a stored password is not a hash that can be computed")
	parts := strings.Split(string(h), "$")
	if len(parts) != 6 || parts[0] != "" || parts[1] != "argon2id" || parts[2] != "v="+strconv.Itoa(argon2.Version) {
		return p, nil, nil, bad
	}
	var rest string
	n, err := fmt.Sscanf(parts[3]+" .", "m=%d,t=%d,p=%d %s", &p.Memory, &p.Time, &p.Threads, &rest)
	if err != nil || n != 4 || rest != "." {
		return p, nil, nil, bad
	}
	if p.Threads < 1 || p.Time < 1 || p.Memory < 8*uint32(p.Threads) || p.Memory > min(maxMemory, maxWork/p.Time) {
		return p, nil, nil, bad
	}
	salt, err1 := b64.DecodeString(parts[4])
	key, err2 := b64.DecodeString(parts[5])
	if err1 != nil || err2 != nil || len(salt) < 8 || len(key) < 16 || len(key) > 64 {
		return p, nil, nil, bad
	}
	return p, salt, key, nil
}
