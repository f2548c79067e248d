// SPDX-License-Identifier: Apache-2.0

// Package exact owns exact rational numbers: amounts of leave between the
// facts and the rounding that a policy asks for. It refuses floating point in
// either direction. Small numbers, which are nearly all, are two int64 and cost
// no allocation; what does not fit goes on in math/big and stays exact.
package exact

import (
	"cmp"
	"fmt"
	"math/big"
	"math/bits"
	"strconv"
	"strings"
)

// Rat is an exact rational number in lowest terms. The zero value is 0. It is a
// value: operations return new ones. Compare with Cmp, never with ==.
type Rat struct {
	n, d int64 // d is the denominator less one, so that the zero value is 0/1
	big  *big.Rat
}

// Int returns n.
func Int(n int64) Rat { return Rat{n: n} }

// New returns n/d. It panics when d is zero.
func New(n, d int64) Rat {
	if d == 0 {
		panic("exact: division by zero")
	}
	const min = -1 << 63
	if n == min || d == min {
		return fromBig(big.NewRat(n, d))
	}
	if d < 0 {
		n, d = -n, -d
	}
	g := gcd(abs(n), d)
	return Rat{n: n / g, d: d/g - 1}
}

// Parse reads "25", "-7.5", "3/5" and "7 1/2".
func Parse(s string) (Rat, error) {
	s = strings.TrimSpace(s)
	whole, frac, mixed := strings.Cut(s, " ")
	if mixed && strings.Contains(frac, "/") {
		w, err := parseOne(whole)
		if err != nil {
			return Rat{}, err
		}
		f, err := parseOne(strings.TrimSpace(frac))
		if err != nil || f.Sign() < 0 {
			return Rat{}, fmt.Errorf("%q is not a number", s)
		}
		if strings.HasPrefix(whole, "-") {
			f = f.Neg()
		}
		return w.Add(f), nil
	}
	return parseOne(s)
}

const (
	longest     = 40   // characters of a number that a person types
	longestKept = 4000 // of one that MarshalText wrote: years of fractions in fractions
)

func parseOne(s string) (Rat, error) { return parse(s, longest) }

func parse(s string, most int) (Rat, error) {
	if s == "" || len(s) > most || strings.Trim(s, "-0123456789./") != "" {
		return Rat{}, fmt.Errorf("%.*q is not a number", longest, s)
	}
	r, ok := new(big.Rat).SetString(s)
	if !ok {
		return Rat{}, fmt.Errorf("%.*q is not a number", longest, s)
	}
	return fromBig(r), nil
}

// Must parses s and panics where it is no number; for constants.
func Must(s string) Rat {
	r, err := Parse(s)
	if err != nil {
		panic(err)
	}
	return r
}

// Add returns a + b.
func (a Rat) Add(b Rat) Rat {
	if a.big == nil && b.big == nil {
		if a.d == b.d {
			if s, ok := addInt(a.n, b.n); ok && a.d == 0 {
				return Rat{n: s}
			} else if ok {
				return New(s, a.d+1)
			}
		} else if x, ok := mulInt(a.n, b.d+1); ok {
			if y, ok := mulInt(b.n, a.d+1); ok {
				if s, ok := addInt(x, y); ok {
					if d, ok := mulInt(a.d+1, b.d+1); ok {
						return New(s, d)
					}
				}
			}
		}
	}
	return fromBig(new(big.Rat).Add(a.asBig(), b.asBig()))
}

// Sub returns a - b.
func (a Rat) Sub(b Rat) Rat { return a.Add(b.Neg()) }

// Mul returns a × b.
func (a Rat) Mul(b Rat) Rat {
	if a.big == nil && b.big == nil {
		if n, ok := mulInt(a.n, b.n); ok {
			if d, ok := mulInt(a.d+1, b.d+1); ok {
				return New(n, d)
			}
		}
	}
	return fromBig(new(big.Rat).Mul(a.asBig(), b.asBig()))
}

// Div returns a / b. It panics when b is zero.
func (a Rat) Div(b Rat) Rat {
	if b.Sign() == 0 {
		panic("exact: division by zero")
	}
	if b.big == nil {
		return a.Mul(New(b.d+1, b.n))
	}
	return fromBig(new(big.Rat).Quo(a.asBig(), b.big))
}

// Neg returns -a.
func (a Rat) Neg() Rat {
	if a.big == nil {
		return Rat{n: -a.n, d: a.d}
	}
	return fromBig(new(big.Rat).Neg(a.big))
}

// Cmp returns -1, 0 or +1 as a is less than, equal to or greater than b.
func (a Rat) Cmp(b Rat) int {
	if a.big == nil && b.big == nil && a.d == b.d {
		return cmp.Compare(a.n, b.n)
	}
	return a.Sub(b).Sign()
}

// Less reports whether a < b.
func (a Rat) Less(b Rat) bool { return a.Cmp(b) < 0 }

// Equal reports whether a = b; go-cmp uses it.
func (a Rat) Equal(b Rat) bool { return a.Cmp(b) == 0 }

// Sign returns -1, 0 or +1.
func (a Rat) Sign() int {
	if a.big != nil {
		return a.big.Sign()
	}
	switch {
	case a.n < 0:
		return -1
	case a.n > 0:
		return 1
	}
	return 0
}

// IsZero reports whether a is 0.
func (a Rat) IsZero() bool { return a.Sign() == 0 }

// IsInt reports whether a is a whole number.
func (a Rat) IsInt() bool { return a.asBig().IsInt() }

// Floor returns the greatest whole number that is not above a.
func (a Rat) Floor() Rat {
	if a.big == nil {
		q := a.n / (a.d + 1)
		if a.n < 0 && a.n%(a.d+1) != 0 {
			q--
		}
		return Int(q)
	}
	q := new(big.Int).Div(a.big.Num(), a.big.Denom()) // Euclidean: rounds down for a positive divisor
	return fromBig(new(big.Rat).SetInt(q))
}

// Ceil returns the least whole number that is not below a.
func (a Rat) Ceil() Rat { return a.Neg().Floor().Neg() }

// HalfUp returns the whole number nearest to a, halves away from zero.
func (a Rat) HalfUp() Rat {
	half := New(1, 2)
	if a.Sign() < 0 {
		return a.Neg().Add(half).Floor().Neg()
	}
	return a.Add(half).Floor()
}

// Int64 returns a where it is a whole number that fits.
func (a Rat) Int64() (int64, bool) {
	if a.big != nil || a.d != 0 {
		return 0, false
	}
	return a.n, true
}

// Min returns the lesser of a and b.
func Min(a, b Rat) Rat {
	if b.Less(a) {
		return b
	}
	return a
}

// Max returns the greater of a and b.
func Max(a, b Rat) Rat {
	if a.Less(b) {
		return b
	}
	return a
}

// String returns "15/2", or "7" for a whole number; Parse reads it back.
func (a Rat) String() string {
	if a.big != nil {
		return a.big.RatString()
	}
	if a.d == 0 {
		return strconv.FormatInt(a.n, 10)
	}
	return strconv.FormatInt(a.n, 10) + "/" + strconv.FormatInt(a.d+1, 10)
}

// Decimal returns a with at most digits decimals, halves away from zero,
// trailing zeros dropped: "7.5". It is for reading: never parse it back.
func (a Rat) Decimal(digits int) string {
	s := a.asBig().FloatString(digits)
	if strings.Contains(s, ".") {
		s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	}
	if s == "-0" {
		return "0"
	}
	return s
}

// MarshalText writes the form of String.
func (a Rat) MarshalText() ([]byte, error) { return []byte(a.String()), nil }

// UnmarshalText reads what Parse reads, and whatever MarshalText wrote.
func (a *Rat) UnmarshalText(b []byte) error {
	r, err := Parse(string(b))
	if len(b) > longest {
		r, err = parse(string(b), longestKept)
	}
	if err == nil {
		*a = r
	}
	return err
}

func (a Rat) asBig() *big.Rat {
	if a.big != nil {
		return a.big
	}
	return big.NewRat(a.n, a.d+1)
}

func fromBig(r *big.Rat) Rat {
	if r.Num().IsInt64() && r.Denom().IsInt64() && r.Num().Int64() != -1<<63 {
		return Rat{n: r.Num().Int64(), d: r.Denom().Int64() - 1}
	}
	return Rat{big: r}
}

func addInt(a, b int64) (int64, bool) {
	s := a + b
	return s, (s > a) == (b > 0) && s != -1<<63
}

func mulInt(a, b int64) (int64, bool) {
	hi, lo := bits.Mul64(uint64(abs(a)), uint64(abs(b)))
	if hi != 0 || lo > 1<<63-1 {
		return 0, false
	}
	if (a < 0) != (b < 0) {
		return -int64(lo), true
	}
	return int64(lo), true
}

func gcd(a, b int64) int64 {
	for b != 0 {
		a, b = b, a%b
	}
	return max(a, 1)
}

func abs(n int64) int64 {
	if n < 0 {
		return -n
	}
	return n
}
