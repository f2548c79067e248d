// SPDX-License-Identifier: Apache-2.0

package backup

import (
	"encoding/xml"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"verlof/errs"
)

// answerError is an answer of a store that does not say yes.
type answerError struct {
	status int
	code   string // what the store calls it; empty: it says nothing that this program reads
	says   string
}

// mostSaid bounds what is read of an answer that says no, in bytes.
const mostSaid = 4 << 10

// refusal reads an answer that says no.
func refusal(status int, text []byte) *answerError {
	var said struct{ Code, Message string }
	if xml.Unmarshal(text, &said) != nil || said.Code == "" {
		said.Message = string(text[:min(len(text), 300)])
	}
	return &answerError{status, said.Code, strings.Join(strings.Fields(said.Message), " ")}
}

func (e *answerError) Error() string {
	if e.code == "" {
		return fmt.Sprintf("the store answers %d: %s", e.status, e.says)
	}
	return fmt.Sprintf("the store answers %d %s: %s", e.status, e.code, e.says)
}

// As has it be an error of an operator, with what to do about it.
func (e *answerError) As(target any) bool {
	t, ok := target.(**errs.Error)
	if ok {
		*t = &errs.Error{Kind: errs.Unavailable, Err: e, Hint: e.hint()}
	}
	return ok
}

// hint returns what an operator does about an answer
// (https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html, and what other stores say beside).
func (e *answerError) hint() string {
	switch e.code {
	case "InvalidAccessKeyId", "SignatureDoesNotMatch", "InvalidToken", "ExpiredToken":
		return "see to the key and the secret in the address of the depot: percent-encode what an address cannot hold, such as / and +"
	case "AccessDenied", "AllAccessDisabled", "AccountProblem":
		return "let the key put, get, list and delete objects in that bucket, and list and abort uploads in parts"
	case "NoSuchBucket":
		return "see to the bucket in the address of the depot: Verlof makes none"
	case "RequestTimeTooSkewed":
		return "set the clock of this machine: what it signs is good for minutes"
	case "AuthorizationHeaderMalformed", "PermanentRedirect", "TemporaryRedirect", "IllegalLocationConstraintException":
		return "name the region of the bucket in the address of the depot: ?region=REGION"
	}
	switch full := strings.Contains(e.code, "Quota") || strings.Contains(e.code, "Full"); {
	case full || e.status == http.StatusInsufficientStorage:
		return "make room at the store, or have its limit raised: what waits is put there then"
	case e.passing():
		return "the store is busy or out of order: what waits is put there once it answers"
	}
	return "see whether the depot answers: its address right, its key good"
}

// passing reports whether the same request may succeed later.
func (e *answerError) passing() bool {
	return e.status >= 500 && e.status != http.StatusNotImplemented || e.status == http.StatusTooManyRequests
}

// answered reports whether an error is an answer of the store with a status.
func answered(err error, status int) bool {
	var answer *answerError
	return errors.As(err, &answer) && answer.status == status
}
