// SPDX-License-Identifier: Apache-2.0

package seal

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// Wrapper closes and opens the keys of streams: the Keys of a customer for what is the
// customer's, the Root for what is the installation's.
type Wrapper interface {
	wrap(key, bound []byte) string
	unwrap(sealed string, bound []byte) ([]byte, error)
	byNewest(sealed string) bool // whether the key that seals now sealed it
}

func (k *Keys) wrap(key, bound []byte) string {
	return base64.RawStdEncoding.EncodeToString(k.set.seal(key, binding("stream", k.customer, string(bound))))
}

func (k *Keys) unwrap(sealed string, bound []byte) ([]byte, error) {
	b, err := base64.RawStdEncoding.Strict().DecodeString(sealed)
	if err != nil {
		return nil, errSealed
	}
	return k.set.open(b, binding("stream", k.customer, string(bound)))
}

func (r *Root) wrap(key, bound []byte) string {
	return r.seal(key, binding("stream of the registry", string(bound)))
}

func (r *Root) unwrap(sealed string, bound []byte) ([]byte, error) {
	key, err := r.open("a copy of the registry", sealed, binding("stream of the registry", string(bound)))
	if err != nil && !UnknownRoot(err) {
		return nil, errSealed
	}
	return key, err
}

func (k *Keys) byNewest(sealed string) bool {
	n, ok := Number(sealed)
	return ok && n == k.set.newest
}

func (r *Root) byNewest(sealed string) bool { return SealedBy(sealed) == r.newest }

// ByNewest reports whether a stream was sealed with the key that seals now, as its first line says. It reads no more than that.
func ByNewest(w Wrapper, src io.Reader) (bool, error) {
	line, err := readLine(src)
	if err != nil {
		return false, err
	}
	sealed, ok := bytes.CutPrefix(line, []byte(streamMagic))
	return ok && w.byNewest(string(sealed)), nil
}

// Damaged reports whether an error says that something sealed cannot be opened: it was
// changed, cut short, or sealed for another customer or under another name.
func Damaged(err error) bool { return errors.Is(err, errSealed) }

// A stream is a line of text and chunks. The line is the magic word and the stream's own
// key, wrapped and bound to the stream's name. Each chunk is sealed by that key with its
// number as nonce, whose last byte says whether it is the last: chunks that are missing,
// moved or added are noticed (the STREAM construction of Hoang, Reyhanitabar, Rogaway and
// Vizár, 2015).
const (
	streamMagic = "verlof-sealed-1 "
	chunkSize   = 64 << 10
	maxLine     = 1 << 10
	tagSize     = 16
)

// streamCipher returns AES-256-GCM whose nonces are counted, for a key used once.
func streamCipher(key []byte) (cipher.AEAD, error) {
	if len(key) != keySize {
		return nil, errSealed
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}

// chunkNonce returns the nonce of a chunk.
func chunkNonce(number uint64, last bool) []byte {
	nonce := binary.BigEndian.AppendUint64(make([]byte, 3, 12), number)
	if last {
		return append(nonce, 1)
	}
	return append(nonce, 0)
}

// streamWriter seals what is written to it.
type streamWriter struct {
	dst    io.Writer
	aead   cipher.AEAD
	number uint64
	buf    []byte // not sealed yet; never empty once something was written
	out    []byte
}

// NewWriter returns a writer that seals what it is given, under a name, and writes it to
// dst. Close ends the stream: one that was not closed does not open. It does not close dst.
func NewWriter(w Wrapper, name string, dst io.Writer) (io.WriteCloser, error) {
	key := newKey(0).Key
	aead, err := streamCipher(key)
	if err != nil {
		return nil, err
	}
	_, err = io.WriteString(dst, streamMagic+w.wrap(key, []byte(name))+"\n")
	return &streamWriter{dst: dst, aead: aead, buf: make([]byte, 0, chunkSize)}, err
}

func (s *streamWriter) Write(p []byte) (n int, err error) {
	for len(p) > 0 {
		if len(s.buf) == chunkSize {
			if err := s.flush(false); err != nil {
				return n, err
			}
		}
		k := min(len(p), chunkSize-len(s.buf))
		s.buf = append(s.buf, p[:k]...)
		p, n = p[k:], n+k
	}
	return n, nil
}

func (s *streamWriter) flush(last bool) error {
	s.out = s.aead.Seal(s.out[:0], chunkNonce(s.number, last), s.buf, nil)
	s.number, s.buf = s.number+1, s.buf[:0]
	_, err := s.dst.Write(s.out)
	return err
}

func (s *streamWriter) Close() error { return s.flush(true) }

// streamReader opens what streamWriter sealed.
type streamReader struct {
	src    io.Reader
	aead   cipher.AEAD
	number uint64
	ahead  []byte // read from src, not opened yet; one byte more than a chunk tells that it is not the last
	plain  []byte // opened, not handed out yet
	done   bool
}

// NewReader returns a reader of what NewWriter sealed under the same name for the same
// Wrapper. It hands out nothing that it has not authenticated, and ends with io.EOF only
// at the end that Close wrote: Damaged tells of every other end. UnknownKey and
// UnknownRoot tell of keys that are not there.
func NewReader(w Wrapper, name string, src io.Reader) (io.Reader, error) {
	line, err := readLine(src)
	if err != nil {
		return nil, err
	}
	sealed, ok := bytes.CutPrefix(line, []byte(streamMagic))
	if !ok {
		return nil, errSealed
	}
	key, err := w.unwrap(string(sealed), []byte(name))
	if err != nil {
		return nil, err
	}
	aead, err := streamCipher(key)
	if err != nil {
		return nil, err
	}
	return &streamReader{src: src, aead: aead, ahead: make([]byte, 0, chunkSize+tagSize+1)}, nil
}

// readLine reads up to the end of a line, byte by byte: what follows is not for it.
func readLine(src io.Reader) ([]byte, error) {
	line := make([]byte, 0, 256)
	var b [1]byte
	for len(line) < maxLine {
		if _, err := io.ReadFull(src, b[:]); err != nil {
			return nil, cut(err)
		}
		if b[0] == '\n' {
			return line, nil
		}
		line = append(line, b[0])
	}
	return nil, errSealed
}

// cut makes an early end of what is sealed look like any other damage.
func cut(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return fmt.Errorf("%w, or cut short", errSealed)
	}
	return err
}

func (s *streamReader) Read(p []byte) (int, error) {
	for len(s.plain) == 0 {
		if s.done {
			return 0, io.EOF
		}
		if err := s.next(); err != nil {
			return 0, err
		}
	}
	n := copy(p, s.plain)
	s.plain = s.plain[n:]
	return n, nil
}

// next opens one chunk.
func (s *streamReader) next() error {
	have := len(s.ahead)
	n, err := io.ReadFull(s.src, s.ahead[have:cap(s.ahead)])
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return err
	}
	s.ahead = s.ahead[:have+n]
	s.done = len(s.ahead) < cap(s.ahead)
	chunk, rest := s.ahead, []byte(nil)
	if !s.done {
		chunk, rest = s.ahead[:chunkSize+tagSize], s.ahead[chunkSize+tagSize:]
	}
	plain, err := s.aead.Open(s.plain[:0], chunkNonce(s.number, s.done), chunk, nil)
	if err != nil {
		return cut(io.EOF)
	}
	s.plain, s.number = plain, s.number+1
	s.ahead = append(s.ahead[:0], rest...)
	return nil
}
