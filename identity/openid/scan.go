// SPDX-License-Identifier: Apache-2.0

package openid

import "strings"

// scan reads the claims of an access token as this provider writes them: one object of plain
// texts, whole numbers and a list, without spaces. It reports false for anything else, which is
// encoding/json's to read, and is several times as fast as that.
func (c *accessClaims) scan(body []byte) bool {
	var out accessClaims
	rest, ok := strings.CutPrefix(string(body), "{")
	for more := true; ok && more; {
		var name string
		if name, rest, ok = scanText(rest); !ok || !strings.HasPrefix(rest, ":") {
			return false
		}
		if rest, ok = out.set(name, rest[1:]); ok {
			rest, more = strings.CutPrefix(rest, ",")
		}
	}
	if ok = ok && rest == "}"; ok {
		*c = out
	}
	return ok
}

// set reads the value of a claim. It reports false for one that is not of the type it should
// be, and for one that is not known: it might be one of these in capitals.
func (c *accessClaims) set(name, s string) (rest string, ok bool) {
	var ignored string
	text := &ignored
	switch name {
	case "exp":
		c.Expires, rest, ok = scanNumber(s)
		return rest, ok
	case "iat":
		c.Issued, rest, ok = scanNumber(s)
		return rest, ok
	case "auth_time":
		_, rest, ok = scanNumber(s)
		return rest, ok
	case "amr":
		return skipTexts(s)
	case "aud":
		c.Audience = audience{""}
		text = &c.Audience[0]
	case "iss":
		text = &c.Issuer
	case "sub":
		text = &c.Subject
	case "jti":
		text = &c.ID
	case "client_id":
		text = &c.Client
	case "scope":
		text = (*string)(&c.Scope)
	case "cnf":
		if rest, ok = strings.CutPrefix(s, `{"jkt":`); ok {
			c.Confirm.Key, rest, ok = scanText(rest)
		}
		if !ok {
			return "", false
		}
		return strings.CutPrefix(rest, "}")
	case "acr":
	default:
		return "", false
	}
	*text, rest, ok = scanText(s)
	return rest, ok
}

// skipTexts passes over a list of one or more texts.
func skipTexts(s string) (rest string, ok bool) {
	rest, ok = strings.CutPrefix(s, "[")
	for more := true; ok && more; {
		if _, rest, ok = scanText(rest); ok {
			rest, more = strings.CutPrefix(rest, ",")
		}
	}
	if !ok {
		return "", false
	}
	return strings.CutPrefix(rest, "]")
}

// scanText reads a text of visible ASCII characters in which nothing is escaped.
func scanText(s string) (text, rest string, ok bool) {
	if !strings.HasPrefix(s, `"`) {
		return "", "", false
	}
	for i := 1; i < len(s); i++ {
		switch b := s[i]; {
		case b == '"':
			return s[1:i], s[i+1:], true
		case b == '\\' || b < ' ' || b > '~':
			return "", "", false
		}
	}
	return "", "", false
}

// scanNumber reads a whole number that is not negative and of at most 18 digits.
func scanNumber(s string) (n int64, rest string, ok bool) {
	i := 0
	for ; i < len(s) && s[i] >= '0' && s[i] <= '9'; i++ {
		if i == 18 {
			return 0, "", false
		}
		n = 10*n + int64(s[i]-'0')
	}
	return n, s[i:], i > 0 && (s[0] != '0' || i == 1)
}
