// SPDX-License-Identifier: Apache-2.0

// Package intake owns the way of people, absences and balances out of a file that another
// system wrote: it recognises what the file is, guesses its columns, and makes a
// plan that says of every line whether it adds, changes, repeats or cannot be
// taken, and why. Nothing is written before somebody accepts a plan; what is
// accepted is written in one transaction, which makes the plan again and refuses
// when it comes out different. Importing a file twice changes nothing the second
// time.
//
// It refuses to guess in silence: teams, leave types and working patterns that a
// file only names are lines of the plan, and every guess is a note on it. It
// never deletes, never gives roles, and does no I/O beyond reading the file: the
// store implements Tx.
//
// Reading order: field.go and recognise.go (what a file is), date.go (how it
// writes dates), plan.go (the result), service.go (what may be done), draft.go
// (a plan in the making), person.go with job.go, absence.go with diary.go, and balance.go
// (how the lines of each kind are judged), world.go and thing.go (what exists, and
// what would), mend.go (what comes back), upload.go (files between handing in and
// accepting).
package intake
