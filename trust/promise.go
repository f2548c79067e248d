// SPDX-License-Identifier: Apache-2.0

package trust

import "cmp"

// Ground is what a promise rests on.
type Ground string

// The grounds.
const (
	Measured Ground = "measured" // numbers of the running installation
	Proven   Ground = "proven"   // the program enforces it, and tests show that
	Attested Ground = "attested" // a document of the operator
	Absent   Ground = "absent"   // nothing: it is not promised here
)

// Grounds returns all grounds, the strongest first.
func Grounds() []Ground { return []Ground{Measured, Proven, Attested, Absent} }

// Part is something that an installation may be set up with or without.
type Part string

// The parts.
const (
	Copies  Part = "copies"  // every change has a second place
	Offsite Part = "offsite" // and a third, further away
	Spare   Part = "spare"   // databases go on from another disk when theirs is lost
	Servers Part = "servers" // databases are on PostgreSQL, and any number of processes serve them
	Outside Part = "outside" // probes look at it from elsewhere
	TLS     Part = "tls"     // it ends TLS itself
	Mutual  Part = "mutual"  // and lets in proxies alone, by their certificates
	Apart   Part = "apart"   // its database servers are other machines
	Scanned Part = "scanned" // what is uploaded is looked at for malware
)

// Promise is one of those that an installation can make.
type Promise struct {
	ID     string // P01 to P36: stable
	Ground Ground // where the installation has all Parts; else Absent
	Parts  []Part
	By     Measure  // of one that is measured
	Tests  []string // of one that is proven: "package.TestName"
	Better Better   // what it rests on instead, in some installations
}

// Better is what a promise rests on where the installation has a part that it can do without, or where anybody measures that.
type Better struct {
	Part  Part     // empty: where By was measured
	By    Measure  // by which it is measured then; empty: it is proven
	Tests []string // that show it
}

// Name is that of the part, or of the measure where it takes none.
func (b Better) Name() string { return cmp.Or(string(b.Part), string(b.By)) }

// Promises returns all of them, in order. Their words are in the catalogues, as
// "trust.P01" (what is promised), "trust.P01.how" (how it is kept, or why it is not), and with the
// name of Better (how it is kept then).
func Promises() []Promise {
	return []Promise{
		{ID: "P01", Ground: Attested},
		{ID: "P02", Ground: Attested},
		{ID: "P03", Ground: Absent, Better: Better{Part: Apart, Tests: []string{"store.TestSecure", "tenant.TestClusters"}}},
		{ID: "P04", Ground: Attested},
		{ID: "P05", Ground: Attested},
		{ID: "P06", Ground: Absent},
		{ID: "P07", Ground: Attested},
		{ID: "P08", Ground: Absent, Better: Better{By: Lines}},
		{ID: "P09", Ground: Proven, Tests: []string{"cmd/verlof.TestFlood", "edge.TestFlood_at_once", "edge.TestFlood_connections", "cmd/verlof.TestSlowSender"}},
		{ID: "P10", Ground: Absent, Better: Better{Part: Scanned, Tests: []string{"web.TestScanned", "internal/clamd.TestScan"}}},
		{ID: "P11", Ground: Absent},
		{ID: "P12", Ground: Absent},
		{ID: "P13", Ground: Absent, Better: Better{Part: Mutual, Tests: []string{"edge.TestCertificates_clients"}}},
		{ID: "P14", Ground: Absent, Better: Better{By: Single}},
		{ID: "P15", Ground: Proven, Tests: []string{"cmd/verlof.TestServe"}},
		{ID: "P16", Ground: Proven, Tests: []string{"identity.TestDemand", "identity.TestSecondFactor", "identity.TestPasskeyDemanded"}},
		{ID: "P17", Ground: Attested},
		{ID: "P18", Ground: Proven, Parts: []Part{Copies}, Tests: []string{"cmd/verlof.TestRecover_registry", "cmd/verlof.TestRecoverConfiguration"}},
		{ID: "P19", Ground: Proven, Parts: []Part{Servers}, Tests: []string{"cmd/verlof.TestServers"}},
		{ID: "P20", Ground: Measured, Parts: []Part{Offsite}, By: Away},
		{ID: "P21", Ground: Proven, Tests: []string{"web.TestOIDCC", "web.TestAccessTokenOffline", "identity/openid.TestCertificates"}},
		{ID: "P22", Ground: Proven, Tests: []string{"identity.TestArgon2id", "identity.TestSignInSeals"}},
		{ID: "P23", Ground: Proven, Tests: []string{"tenant.TestApart", "web.TestOtherCustomer"}},
		{ID: "P24", Ground: Attested, Better: Better{Part: TLS, By: Expiring}},
		{ID: "P25", Ground: Proven, Tests: []string{"tenant.TestMove", "tenant.TestClusters"}},
		{ID: "P26", Ground: Measured, Parts: []Part{Copies}, By: Behind},
		{ID: "P27", Ground: Measured, Parts: []Part{Copies}, By: Late},
		{ID: "P28", Ground: Measured, Parts: []Part{Offsite}, By: Away},
		{ID: "P29", Ground: Measured, Parts: []Part{Copies}, By: Restore},
		{ID: "P30", Ground: Measured, Parts: []Part{Copies}, By: Behind},
		{ID: "P31", Ground: Proven, Tests: []string{"tenant.TestMove"}},
		{ID: "P32", Ground: Proven, Parts: []Part{Spare}, Tests: []string{"cmd/verlof.TestSpare", "operate.TestRescue_in_place"}},
		{ID: "P33", Ground: Proven, Tests: []string{"tenant.TestReplace", "operate.TestQuarantine"}},
		{ID: "P34", Ground: Measured, By: Up, Better: Better{Part: Outside, By: Seen}},
		{ID: "P35", Ground: Measured, By: Stuck},
		{ID: "P36", Ground: Proven, Tests: []string{"leave/scenario.TestScenarios"}},
	}
}
