// SPDX-License-Identifier: Apache-2.0

package notify

import (
	"bufio"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"net/mail"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"verlof/errs"
)

// TestMain makes the program trust a certificate of its own for 127.0.0.1: the
// transport takes the roots of the system, which Go reads from SSL_CERT_FILE.
func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "notify")
	if err != nil {
		panic(err)
	}
	trusted = certificate()
	file := filepath.Join(dir, "roots.pem")
	block := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: trusted.Certificate[0]})
	if err := os.WriteFile(file, block, 0o600); err != nil {
		panic(err)
	}
	os.Setenv("SSL_CERT_FILE", file)
	code := m.Run()
	os.RemoveAll(dir)
	os.Exit(code)
}

var trusted tls.Certificate

func certificate() tls.Certificate {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		panic(err)
	}
	c := &x509.Certificate{
		SerialNumber: big.NewInt(time.Now().UnixNano()),
		NotBefore:    time.Now().Add(-time.Hour),
		NotAfter:     time.Now().Add(time.Hour),
		IPAddresses:  []net.IP{net.IPv4(127, 0, 0, 1)},
		IsCA:         true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, c, c, &key.PublicKey, key)
	if err != nil {
		panic(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}

// mailServer speaks as much SMTP (RFC 5321) as a test needs.
type mailServer struct {
	tls    *tls.Config // STARTTLS is offered where it is not nil
	user   string      // AUTH PLAIN is asked for where it is not empty: user, NUL, password
	refuse string      // the reply to RCPT; empty accepts

	mu       sync.Mutex
	commands []string
	data     string
}

func (s *mailServer) start(t *testing.T) (host string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go s.serve(c)
		}
	}()
	return l.Addr().String()
}

func (s *mailServer) serve(c net.Conn) {
	defer func() { c.Close() }()
	in, secure := bufio.NewReader(c), false
	say := func(lines ...string) { fmt.Fprint(c, strings.Join(lines, "\r\n")+"\r\n") }
	say("220 test")
	for {
		command, err := in.ReadString('\n')
		if err != nil {
			return
		}
		command = strings.TrimSpace(command)
		verb, _, _ := strings.Cut(strings.ToUpper(command), " ")
		s.note(verb)
		switch verb {
		case "EHLO":
			say(s.extensions(secure)...)
		case "STARTTLS":
			say("220 go on")
			t := tls.Server(c, s.tls)
			if t.Handshake() != nil {
				return
			}
			c, in, secure = t, bufio.NewReader(t), true
		case "AUTH":
			say(s.auth(command))
		case "RCPT":
			say(map[bool]string{true: "250 fine", false: s.refuse}[s.refuse == ""])
		case "DATA":
			say("354 go on")
			s.read(in)
			say("250 queued")
		case "QUIT":
			say("221 bye")
			return
		default:
			say("250 fine")
		}
	}
}

func (s *mailServer) extensions(secure bool) []string {
	e := []string{"250-test", "250-ENHANCEDSTATUSCODES"}
	if s.tls != nil && !secure {
		e = append(e, "250-STARTTLS")
	}
	if s.user != "" {
		e = append(e, "250-AUTH PLAIN")
	}
	return append(e, "250 8BITMIME")
}

func (s *mailServer) auth(command string) string {
	words := strings.Fields(command)
	given, _ := base64.StdEncoding.DecodeString(words[len(words)-1])
	if string(given) != "\x00"+s.user {
		return "535 5.7.8 no"
	}
	return "235 2.7.0 welcome"
}

func (s *mailServer) read(in *bufio.Reader) {
	var b strings.Builder
	for {
		text, err := in.ReadString('\n')
		if err != nil || text == ".\r\n" {
			break
		}
		b.WriteString(text)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.data = b.String()
}

func (s *mailServer) note(verb string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.commands = append(s.commands, verb)
}

// heard returns the commands and the message so far.
func (s *mailServer) heard() (commands, data string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return strings.Join(s.commands, " "), s.data
}

func TestSMTP(t *testing.T) {
	good := &tls.Config{Certificates: []tls.Certificate{trusted}}
	bad := &tls.Config{Certificates: []tls.Certificate{certificate()}}
	tests := []struct {
		name   string
		server *mailServer
		url    string // HOST is the server's address
		want   errs.Kind
		sent   bool
		said   string // a command that must have been heard, or with ! must not
	}{
		{"starttls_and_password", &mailServer{tls: good, user: "app\x00pass"}, "smtp://app:pass@HOST", 0, true, "AUTH"},
		{"starttls", &mailServer{tls: good}, "smtp://HOST?tls=required", 0, true, "STARTTLS"},
		{"plain", &mailServer{}, "smtp://HOST?tls=none", 0, true, "!STARTTLS"},
		{"opportunistic_without", &mailServer{}, "smtp://HOST?tls=opportunistic", 0, true, "DATA"},
		{"opportunistic_with", &mailServer{tls: good}, "smtp://HOST?tls=opportunistic", 0, true, "STARTTLS"},
		{"no_tls_where_it_is_required", &mailServer{}, "smtp://HOST", errs.Unavailable, false, "!MAIL"},
		{"stranger's_certificate", &mailServer{tls: bad}, "smtp://HOST", errs.Unavailable, false, "!MAIL"},
		{"wrong_password", &mailServer{tls: good, user: "app\x00pass"}, "smtp://app:wrong@HOST", errs.Unavailable, false, "!MAIL"},
		{"password_without_tls", &mailServer{user: "app\x00pass"}, "smtp://app:pass@HOST", errs.Unavailable, false, "!AUTH"},
		{"unknown_recipient", &mailServer{refuse: "550 5.1.1 <mia@acme.example> unknown"}, "smtp://HOST?tls=none", errs.Invalid, false, "!DATA"},
		{"full_mailbox", &mailServer{refuse: "452 4.2.2 <mia@acme.example> full"}, "smtp://HOST?tls=none", errs.Unavailable, false, "!DATA"},
		{"relaying_refused", &mailServer{refuse: "550 5.7.1 <mia@acme.example> no relaying"}, "smtp://HOST?tls=none", errs.Unavailable, false, "!DATA"},
	}
	m := mails(t, acme(), "leave.requested", asked)[0]
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			address := tt.server.start(t)
			transport, err := NewTransport(strings.Replace(tt.url, "HOST", address, 1))
			if err != nil {
				t.Fatal(err)
			}
			err = transport.Send(t.Context(), m)
			commands, data := tt.server.heard()
			if tt.sent != (err == nil) || err != nil && !errs.Is(err, tt.want) {
				t.Fatalf("error %v after %s", err, commands)
			}
			if err != nil && strings.Contains(err.Error(), "mia@") {
				t.Errorf("the error repeats the recipient: %v", err)
			}
			verb, not := strings.CutPrefix(tt.said, "!")
			if strings.Contains(commands, verb) == not {
				t.Errorf("the server heard %s; %s", commands, tt.said)
			}
			if tt.sent {
				checkMail(t, data, m)
			}
		})
	}
}

func checkMail(t *testing.T, data string, want Message) {
	t.Helper()
	got, err := mail.ReadMessage(strings.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	if id := got.Header.Get("Message-ID"); id != "<"+want.ID+">" {
		t.Errorf("Message-ID %s, want <%s>", id, want.ID)
	}
}

func TestSMTPServerAway(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	l.Close()
	transport, err := NewTransport("smtp://app:hidden@" + address)
	if err != nil {
		t.Fatal(err)
	}
	err = transport.Send(t.Context(), mails(t, acme(), "leave.requested", asked)[0])
	if !errs.Is(err, errs.Unavailable) || strings.Contains(err.Error(), "hidden") {
		t.Errorf("error %v", err)
	}
}

func TestNewTransportRefuses(t *testing.T) {
	for name, address := range map[string]string{
		"empty":       "",
		"no_scheme":   "mail.example",
		"unknown":     "imap://mail.example",
		"no_host":     "smtp://",
		"no_folder":   "dir:",
		"unknown_tls": "smtp://mail.example?tls=maybe",
		"port":        "smtp://mail.example:99999",
		"no_url":      "smtp://app:hid den@mail.example:x",
	} {
		t.Run(name, func(t *testing.T) {
			_, err := NewTransport(address)
			if err == nil || errs.As(err).Hint == "" {
				t.Fatalf("error %v, want one with a hint", err)
			}
			if strings.Contains(err.Error(), "hid") {
				t.Errorf("the error tells the password: %v", err)
			}
		})
	}
}
