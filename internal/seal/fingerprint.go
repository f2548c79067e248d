// SPDX-License-Identifier: Apache-2.0

package seal

import (
	"crypto/sha256"
	"encoding/hex"
)

// Fingerprint names a key of a customer without telling anything about it.
type Fingerprint struct {
	Number uint32 `json:"number"`
	SHA256 string `json:"fingerprint"` // of a text and the key
}

// Fingerprints names the keys of a customer's sealed set, for the certificate of their
// destruction. Errors are those of Keys.
func (r *Root) Fingerprints(customer, sealed string) ([]Fingerprint, error) {
	stored, err := r.openSet(customer, sealed)
	if err != nil {
		return nil, err
	}
	var list []Fingerprint
	for _, k := range stored {
		sum := sha256.Sum256(append([]byte("verlof customer key\x00"+customer+"\x00"), k.Key...))
		list = append(list, Fingerprint{k.Number, hex.EncodeToString(sum[:])})
	}
	return list, nil
}
