// SPDX-License-Identifier: Apache-2.0

// Package clamdtest owns a daemon for tests that speaks as that of ClamAV does (clamd(8), INSTREAM), and knows one
// word as malware. It refuses everything else.
package clamdtest

import (
	"bytes"
	"encoding/binary"
	"io"
	"net"
	"path/filepath"
	"testing"
)

// Malware is the word, and Name what the daemon calls it.
const (
	Malware = "VERLOF-TEST-MALWARE"
	Name    = "Test.Word"
)

// most is what it takes, in bytes, as StreamMaxLength.
const most = 1 << 20

// Serve serves until the test ends, and returns the setting that leads to it.
func Serve(t testing.TB) (setting string, stop func()) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "s")
	l, err := net.Listen("unix", file)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return // the test has ended
			}
			go func() {
				defer c.Close()
				_, _ = io.WriteString(c, answer(c)+"\x00") // who has left needs no answer
			}()
		}
	}()
	return "unix:" + file, func() { l.Close() }
}

// answer reads a command and says what comes of it.
func answer(c io.Reader) string {
	command := make([]byte, len("zINSTREAM\x00"))
	if _, err := io.ReadFull(c, command); err != nil || string(command) != "zINSTREAM\x00" {
		return "UNKNOWN COMMAND"
	}
	var data bytes.Buffer
	for {
		var size uint32
		if err := binary.Read(c, binary.BigEndian, &size); err != nil {
			return "COMMAND READ TIMED OUT"
		}
		if size == 0 {
			break
		}
		if data.Len()+int(size) > most {
			return "INSTREAM size limit exceeded. ERROR"
		}
		if _, err := io.CopyN(&data, c, int64(size)); err != nil {
			return "COMMAND READ TIMED OUT"
		}
	}
	if bytes.Contains(data.Bytes(), []byte(Malware)) {
		return "stream: " + Name + " FOUND"
	}
	return "stream: OK"
}
