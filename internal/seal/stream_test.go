// SPDX-License-Identifier: Apache-2.0

package seal

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"
)

// streamed returns text sealed under a name.
func streamed(t *testing.T, w Wrapper, name string, text []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	s, err := NewWriter(w, name, &out)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Write(text); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// unsealed opens a stream in small reads.
func unsealed(w Wrapper, name string, sealed []byte) ([]byte, error) {
	r, err := NewReader(w, name, bytes.NewReader(sealed))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(struct{ io.Reader }{r})
}

// TestStream seals and opens streams of lengths around the ends of chunks.
func TestStream(t *testing.T) {
	r := root(t)
	k := keys(t, r, "acme")
	for _, n := range []int{0, 1, chunkSize - 1, chunkSize, chunkSize + 1, 3*chunkSize + 7} {
		text := bytes.Repeat([]byte("broken leg "), n/11+1)[:n]
		for name, w := range map[string]Wrapper{"customer": k, "root": r} {
			t.Run(fmt.Sprintf("%s/%d", name, n), func(t *testing.T) {
				sealed := streamed(t, w, "a", text)
				if n > 20 && bytes.Contains(sealed, text[:11]) {
					t.Error("the text can be read as it is")
				}
				if got, err := unsealed(w, "a", sealed); err != nil || !bytes.Equal(got, text) {
					t.Errorf("opened %d bytes of %d: %v", len(got), n, err)
				}
			})
		}
	}
}

// TestStreamElsewhere opens a stream with another name or key, with chunks missing, moved
// and added, and with one bit of each byte flipped.
func TestStreamElsewhere(t *testing.T) {
	r := root(t)
	acme, birch := keys(t, r, "acme"), keys(t, r, "birch")
	text := bytes.Repeat([]byte{1, 2, 3, 4}, chunkSize/2+5) // three chunks
	sealed := streamed(t, acme, "a", text)
	head := bytes.IndexByte(sealed, '\n') + 1
	chunk := func(i int) []byte { return sealed[head+i*(chunkSize+tagSize):][:chunkSize+tagSize] }
	tail := sealed[head+2*(chunkSize+tagSize):]
	join := func(parts ...[]byte) []byte { return bytes.Join(append([][]byte{sealed[:head]}, parts...), nil) }
	if got, err := unsealed(acme, "a", join(chunk(0), chunk(1), tail)); err != nil || !bytes.Equal(got, text) {
		t.Fatalf("the whole: %v", err)
	}
	for name, open := range map[string]func() ([]byte, error){
		"another_customer": func() ([]byte, error) { return unsealed(birch, "a", sealed) },
		"the_root":         func() ([]byte, error) { return unsealed(r, "a", sealed) },
		"another_name":     func() ([]byte, error) { return unsealed(acme, "b", sealed) },
		"last_missing":     func() ([]byte, error) { return unsealed(acme, "a", join(chunk(0), chunk(1))) },
		"first_missing":    func() ([]byte, error) { return unsealed(acme, "a", join(chunk(1), tail)) },
		"moved":            func() ([]byte, error) { return unsealed(acme, "a", join(chunk(1), chunk(0), tail)) },
		"added":            func() ([]byte, error) { return unsealed(acme, "a", join(chunk(0), chunk(1), tail, tail)) },
		"no_chunk":         func() ([]byte, error) { return unsealed(acme, "a", join()) },
		"empty":            func() ([]byte, error) { return unsealed(acme, "a", nil) },
		"no_line":          func() ([]byte, error) { return unsealed(acme, "a", []byte(strings.Repeat("x", 2*maxLine))) },
	} {
		if _, err := open(); !Damaged(err) && !UnknownRoot(err) {
			t.Errorf("%s: %v, want that it is damaged", name, err)
		}
	}
	short := streamed(t, acme, "a", []byte(note))
	for i := range short {
		short[i] ^= 1
		if got, err := unsealed(acme, "a", short); err == nil {
			t.Errorf("opened with byte %d changed: %q", i, got)
		}
		short[i] ^= 1
	}
}
