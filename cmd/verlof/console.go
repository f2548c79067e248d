// SPDX-License-Identifier: Apache-2.0

package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/mattn/go-isatty"
)

// console is where a verb prints: results to out, all else to err.
type console struct {
	out io.Writer
	err io.Writer
}

// results is where a verb prints what was asked for. Once some of it was lost nothing more is
// written, and the verb fails: a part would look like all there is.
type results struct {
	to   io.Writer
	lost error
}

func (r *results) Write(b []byte) (int, error) {
	if r.lost != nil {
		return 0, r.lost
	}
	n, err := r.to.Write(b)
	r.lost = err
	return n, err
}

// json prints v for a script.
func (c *console) json(v any) error {
	e := json.NewEncoder(c.out)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(v)
}

// table prints rows in columns; the first row is the heading.
func (c *console) table(rows ...[]string) error {
	w := tabwriter.NewWriter(c.out, 0, 0, 2, ' ', 0)
	for _, row := range rows {
		fmt.Fprintln(w, strings.Join(row, "\t"))
	}
	return w.Flush()
}

// say prints a line about what goes on.
func (c *console) say(format string, args ...any) { fmt.Fprintf(c.err, format+"\n", args...) }

// working shows on a terminal that something takes a while, until done is
// called. Elsewhere it shows nothing.
func (c *console) working(what string) (done func()) {
	if !isTerminal(c.err) {
		return func() {}
	}
	stop, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		tick := time.NewTicker(100 * time.Millisecond)
		defer tick.Stop()
		for n := 0; ; n++ {
			fmt.Fprintf(c.err, "\r%s %s", what, strings.Repeat(".", n%4)+strings.Repeat(" ", 3-n%4))
			select {
			case <-tick.C:
			case <-stop:
				fmt.Fprintf(c.err, "\r%s\r", strings.Repeat(" ", len(what)+4))
				return
			}
		}
	}()
	return func() { close(stop); <-stopped }
}

func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && isatty.IsTerminal(f.Fd())
}
