// SPDX-License-Identifier: Apache-2.0

package scenario

// What the tests outside look at.
var (
	Examples       = examples
	ClauseExamples = clauseExamples
)
