// SPDX-License-Identifier: Apache-2.0

// Package leave owns the law: which leave a person is entitled to, what a
// request costs, what is left and why. Its engine is a pure function of dated
// facts and a date: facts in, statement out. Nothing grants leave by a clock
// tick, so a missed night loses nothing and a second run grants nothing twice.
//
// Amounts are exact rationals in the unit of their leave type: working days, or
// minutes for types kept in hours. Days of leave are civil dates with a part of
// the day; there is no time zone here. The package refuses I/O (the store
// implements Tx), floating point, and durations that a browser worked out.
//
// Reading order: type.go (what HR sets), facts.go (what is known of a person),
// charge.go (what a request costs), entitlement.go (what a leave year grants),
// ledger.go (how takings meet grants), statement.go (the result with its
// reasons), service.go and the files beside it (what people may do).
package leave
