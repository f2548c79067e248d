// SPDX-License-Identifier: Apache-2.0

// Package clamd owns asking the daemon of ClamAV whether data holds malware. It refuses to say what
// becomes of data that does.
package clamd

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"time"

	"verlof/errs"
)

// Scanner is a daemon that listens somewhere.
type Scanner struct{ Network, Address string }

// Parse reads what String writes: unix:/run/clamav/clamd.ctl or tcp:127.0.0.1:3310.
func Parse(text string) (Scanner, error) {
	network, address, _ := strings.Cut(text, ":")
	_, _, err := net.SplitHostPort(address)
	if network == "unix" && strings.HasPrefix(address, "/") || network == "tcp" && err == nil {
		return Scanner{network, address}, nil
	}
	return Scanner{}, errs.Operator("it looks like unix:/run/clamav/clamd.ctl or tcp:127.0.0.1:3310", "%q is no scanner", text)
}

// String is the scanner as a setting.
func (s Scanner) String() string { return s.Network + ":" + s.Address }

// patience is how long an answer may take.
const patience = 30 * time.Second

// chunk is how much is sent at a time, in bytes.
const chunk = 64 << 10

var errAnswer = errors.New("the scanner does not say whether there is malware")

// Scan returns the name of the malware that data holds; empty: none is known. It sends data by the command
// INSTREAM (clamd(8)). An error means that nobody knows.
func (s Scanner) Scan(ctx context.Context, data []byte) (malware string, err error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	c, err := new(net.Dialer).DialContext(ctx, s.Network, s.Address)
	if err != nil {
		return "", err
	}
	defer c.Close()
	end, _ := ctx.Deadline() // there is one
	if err := c.SetDeadline(end); err != nil {
		return "", err
	}
	sent := send(c, data)
	answer, err := io.ReadAll(io.LimitReader(c, 1<<10))
	if err = errors.Join(sent, err); err != nil && len(answer) == 0 { // it may say why it listens no more
		return "", err
	}
	said := strings.TrimRight(string(answer), "\x00\n")
	if said == "stream: OK" {
		return "", err
	}
	name, found := strings.CutSuffix(strings.TrimPrefix(said, "stream: "), " FOUND")
	if !found {
		return "", fmt.Errorf("%w: %q", errAnswer, said)
	}
	return name, nil
}

// send writes the command, the data in chunks, each after its length, and an empty one.
func send(c io.Writer, data []byte) error {
	var b bytes.Buffer
	b.WriteString("zINSTREAM\x00")
	for len(data) > 0 {
		part := data[:min(chunk, len(data))]
		data = data[len(part):]
		if err := binary.Write(&b, binary.BigEndian, uint32(len(part))); err != nil {
			return err
		}
		b.Write(part)
		if _, err := b.WriteTo(c); err != nil {
			return err
		}
	}
	b.Write(make([]byte, 4))
	_, err := b.WriteTo(c)
	return err
}
