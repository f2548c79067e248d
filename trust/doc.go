// SPDX-License-Identifier: Apache-2.0

// Package trust owns what an installation promises about the data, P01 to P36, and how
// each promise stands: what it rests on, what was measured, day by day, and which
// documents of the operator speak for what no program can see.
//
// It refuses to call anything kept by itself: a promise is kept where a number says so
// that is fresh, where a test of the program enforces it, or where a document is on record
// that has not run out. What an installation is not set up for it does not promise, and
// says that too. It measures nothing: cmd does, store keeps it.
//
// Begin with Promises, then Judge.
package trust
