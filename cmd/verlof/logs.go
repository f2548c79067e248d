// SPDX-License-Identifier: Apache-2.0

package main

import (
	"cmp"
	"context"
	"io"
	"log"
	"log/slog"
	"regexp"
	"strings"

	"verlof/errs"
)

// newLog returns the log of a process. What is logged holds ids and no names.
func newLog(w io.Writer, level, format string) *slog.Logger {
	levels := map[string]slog.Level{"debug": slog.LevelDebug, "info": slog.LevelInfo, "warn": slog.LevelWarn, "error": slog.LevelError}
	o := &slog.HandlerOptions{Level: levels[level]}
	if format == "text" {
		return slog.New(slog.NewTextHandler(w, o))
	}
	return slog.New(slog.NewJSONHandler(w, o))
}

// why says in a log what went wrong, and what to do about it: what the error knows of that, or else the
// hint; empty: nothing.
func why(err error, hint string) slog.Attr {
	if hint = cmp.Or(errs.As(err).Hint, hint); hint == "" {
		return slog.String("problem", err.Error())
	}
	return slog.Group("", "problem", err.Error(), "hint", hint) // no name: as if its two stood there
}

// httpLog takes what net/http complains of into the log, without the addresses
// of visitors.
func httpLog(l *slog.Logger) *log.Logger { return log.New(complaints{l}, "", 0) }

type complaints struct{ *slog.Logger }

var address = regexp.MustCompile(`\b\d+\.\d+\.\d+\.\d+(:\d+)?|\[[0-9a-f:.%a-z]+\](:\d+)?`)

func (c complaints) Write(text []byte) (int, error) {
	level := slog.LevelWarn
	if strings.Contains(string(text), "TLS handshake error") { // whoever looks for open doors, and browsers that leave
		level = slog.LevelDebug
	}
	c.Log(context.Background(), level, "http", "problem", oneLine(address.ReplaceAllString(string(text), "(address)")))
	return len(text), nil
}
