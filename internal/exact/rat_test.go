// SPDX-License-Identifier: Apache-2.0

package exact

import (
	"math/big"
	"math/rand/v2"
	"strings"
	"testing"
)

// TestAgreesWithBig holds every operation against math/big, with numbers on
// both sides of what fits in 64 bits.
func TestAgreesWithBig(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	pick := func() int64 {
		n := r.Int64() >> r.IntN(63)
		if r.IntN(2) == 0 {
			n = -n
		}
		return n
	}
	for range 20_000 {
		d1, d2 := pick(), pick()
		if d1 == 0 || d2 == 0 {
			continue
		}
		a, b := New(pick(), d1), New(pick(), d2)
		check := func(op string, got Rat, want *big.Rat) {
			t.Helper()
			if got.asBig().Cmp(want) != 0 {
				t.Fatalf("%s %s %s = %s, want %s", a, op, b, got, want.RatString())
			}
		}
		check("+", a.Add(b), new(big.Rat).Add(a.asBig(), b.asBig()))
		check("-", a.Sub(b), new(big.Rat).Sub(a.asBig(), b.asBig()))
		check("*", a.Mul(b), new(big.Rat).Mul(a.asBig(), b.asBig()))
		if !b.IsZero() {
			check("/", a.Div(b), new(big.Rat).Quo(a.asBig(), b.asBig()))
		}
		if got, want := a.Cmp(b), a.asBig().Cmp(b.asBig()); got != want {
			t.Fatalf("Cmp(%s, %s) = %d, want %d", a, b, got, want)
		}
		if back, err := Parse(a.String()); err == nil && !back.Equal(a) {
			t.Fatalf("Parse(%s) = %s", a, back)
		}
	}
}

func TestRounding(t *testing.T) {
	for _, c := range []struct{ in, floor, ceil, half string }{
		{"7.5", "7", "8", "8"},
		{"-7.5", "-8", "-7", "-8"},
		{"7.49", "7", "8", "7"},
		{"7", "7", "7", "7"},
		{"-0.2", "-1", "0", "0"},
	} {
		a := Must(c.in)
		if a.Floor().String() != c.floor || a.Ceil().String() != c.ceil || a.HalfUp().String() != c.half {
			t.Errorf("%s: floor %s ceil %s half up %s, want %s %s %s", c.in, a.Floor(), a.Ceil(), a.HalfUp(), c.floor, c.ceil, c.half)
		}
	}
}

func TestParse(t *testing.T) {
	for in, want := range map[string]string{"7 1/2": "15/2", "-7 1/2": "-15/2", "0.25": "1/4", "3/5": "3/5", " 25 ": "25"} {
		if got := Must(in).String(); got != want {
			t.Errorf("Parse(%q) = %s, want %s", in, got, want)
		}
	}
	for _, in := range []string{"", "x", "1/0", "1e9", "1 2", "--1", "1 -1/2"} {
		if got, err := Parse(in); err == nil {
			t.Errorf("Parse(%q) = %s, want an error", in, got)
		}
	}
	if got := New(11, 14).Decimal(4); got != "0.7857" {
		t.Errorf("11/14 reads %s", got)
	}
}

// TestKept: what was written is read back, fractions of fractions of years among it.
func TestKept(t *testing.T) {
	want := Int(1)
	for n := int64(1); n < 200; n++ {
		want = want.Add(New(1, 1000+n))
		text, err := want.MarshalText()
		if err != nil {
			t.Fatal(err)
		}
		var got Rat
		if err := got.UnmarshalText(text); err != nil || !got.Equal(want) {
			t.Fatalf("%s was read back as %s, %v", want, got, err)
		}
	}
	var r Rat
	if err := r.UnmarshalText([]byte(strings.Repeat("9", longestKept+1))); err == nil || len(err.Error()) > 100 {
		t.Errorf("a number of %d digits: %.200v", longestKept+1, err)
	}
}
