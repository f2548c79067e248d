// SPDX-License-Identifier: Apache-2.0

package backup

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// signer signs requests as AWS Signature Version 4 has it
// (https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html).
type signer struct{ key, secret, region string }

const amzTime = "20060102T150405Z"

// sign adds the headers that say who sends the request and what is in it.
func (s signer) sign(r *http.Request, bodySum string, now time.Time) {
	at := now.UTC().Format(amzTime)
	r.Header.Set("X-Amz-Date", at)
	r.Header.Set("X-Amz-Content-Sha256", bodySum)
	const signed = "host;x-amz-content-sha256;x-amz-date"
	r.URL.RawPath = escapePath(r.URL.Path) // sent as it is signed
	request := strings.Join([]string{r.Method, r.URL.RawPath, strings.ReplaceAll(r.URL.RawQuery, "+", "%20"),
		"host:" + r.URL.Host, "x-amz-content-sha256:" + bodySum, "x-amz-date:" + at, "", signed, bodySum}, "\n")
	scope := strings.Join([]string{at[:8], s.region, "s3", "aws4_request"}, "/")
	sum := sha256.Sum256([]byte(request))
	text := strings.Join([]string{"AWS4-HMAC-SHA256", at, scope, hex.EncodeToString(sum[:])}, "\n")
	key := []byte("AWS4" + s.secret)
	for part := range strings.SplitSeq(scope, "/") {
		key = mac(key, part)
	}
	r.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential="+s.key+"/"+scope+
		", SignedHeaders="+signed+", Signature="+hex.EncodeToString(mac(key, text)))
}

func mac(key []byte, text string) []byte {
	h := hmac.New(sha256.New, key)
	h.Write([]byte(text))
	return h.Sum(nil)
}

// escapePath escapes all but letters, digits, -._~ and the slashes.
func escapePath(path string) string {
	parts := strings.Split(path, "/")
	for i, p := range parts {
		parts[i] = strings.ReplaceAll(url.QueryEscape(p), "+", "%20")
	}
	return strings.Join(parts, "/")
}

// bodyDigest returns the SHA-256 and the size of a body, and takes it back to its beginning.
func bodyDigest(body io.ReadSeeker) (string, int64, error) {
	h := sha256.New()
	if body == nil {
		return hex.EncodeToString(h.Sum(nil)), 0, nil
	}
	if _, err := body.Seek(0, io.SeekStart); err != nil {
		return "", 0, err
	}
	size, err := io.Copy(h, body)
	if err == nil {
		_, err = body.Seek(0, io.SeekStart)
	}
	return hex.EncodeToString(h.Sum(nil)), size, err
}
