// SPDX-License-Identifier: Apache-2.0

package seal

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"time"

	"verlof/errs"
)

// KMS closes the file that the root key lies in with a key of its own, which it gives to
// nobody: a service, a chip, or a card.
type KMS interface {
	Wrap(plain []byte) (wrapped []byte, err error)
	Unwrap(wrapped []byte) (plain []byte, err error)
}

// Command is a KMS that programs of the operator's reach, such as gpg, systemd-creds, or
// the one of a cloud. Each reads from its input and writes to its output.
type Command struct {
	Wrapping   string // a program and its arguments, between spaces; no shell reads them. Empty: it only unwraps
	Unwrapping string
}

const (
	commandPatience = 30 * time.Second
	commandOutput   = 64 << 10 // bytes: more than any root key
	commandSaid     = 500      // bytes of what a program complains of
)

// Wrap closes a text. It reports Unavailable, with a hint for the operator, where that
// cannot be done now.
func (c Command) Wrap(plain []byte) ([]byte, error) {
	if c.Wrapping == "" {
		return nil, errs.Operator("say how with --root-key-wrap", "a root key cannot be wrapped: no program is named that does")
	}
	return run("wrap", c.Wrapping, plain)
}

// Unwrap opens what Wrap closed. It reports as Wrap does.
func (c Command) Unwrap(wrapped []byte) ([]byte, error) {
	return run("unwrap", c.Unwrapping, wrapped)
}

// run gives a program its input and returns its output. An error tells what the program
// complained of and nothing of either.
func run(verb, line string, in []byte) ([]byte, error) {
	words := strings.Fields(line)
	if len(words) == 0 {
		return nil, errs.Operator("name one with --root-key-"+verb, "no program is named that would %s the root key", verb)
	}
	ctx, cancel := context.WithTimeout(context.Background(), commandPatience)
	defer cancel()
	out, said := bounded{most: commandOutput, full: cancel}, bounded{most: commandSaid}
	c := exec.CommandContext(ctx, words[0], words[1:]...)
	c.Stdin, c.Stdout, c.Stderr, c.WaitDelay = bytes.NewReader(in), &out, &said, time.Second
	c.Env = slices.DeleteFunc(os.Environ(), func(v string) bool { return strings.HasPrefix(v, "VERLOF_") }) // passwords are among them
	err := c.Run()
	switch {
	case out.over:
		err = fmt.Errorf("it wrote more than %d bytes", commandOutput)
	case err == nil && len(out.kept) > 0:
		return out.kept, nil
	case err == nil:
		err = errors.New("it wrote nothing")
	case ctx.Err() != nil:
		err = fmt.Errorf("it was not done after %v", commandPatience)
	}
	if text := strings.Join(strings.Fields(string(said.kept)), " "); text != "" {
		err = fmt.Errorf("%w: %s", err, text)
	}
	return nil, &errs.Error{Kind: errs.Unavailable, Public: "seal.error.root", Err: fmt.Errorf("%s the root key with %s: %w", verb, words[0], err),
		Hint: "run what --root-key-" + verb + " names by hand, with the file as its input; nothing was changed"}
}

// bounded keeps so many bytes and drops what comes after them; full, where there is one, is
// called then.
type bounded struct {
	kept []byte
	most int
	full func()
	over bool
}

func (b *bounded) Write(p []byte) (int, error) {
	room := min(len(p), b.most-len(b.kept))
	b.kept = append(b.kept, p[:room]...)
	if room < len(p) && !b.over {
		if b.over = true; b.full != nil {
			b.full()
		}
	}
	return len(p), nil
}
