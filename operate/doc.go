// SPDX-License-Identifier: Apache-2.0

// Package operate owns what the one who runs an installation does with its
// customers: create them with something to start from, let their people in, take
// over files, export, close and destroy them, bring their databases up to date;
// restore, drill, rescue and quarantine copies; and make the customers of a demo.
// Its functions take a tenant.Directory and return data, so that a command, a
// console and a test can share them. It refuses rules (those are the domain's), printing, and data of
// real people: whatever it makes up is plainly made up.
package operate
