// SPDX-License-Identifier: Apache-2.0

package openid

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/url"
	"strings"
	"time"

	"verlof/errs"
	"verlof/identity"
	"verlof/internal/id"
)

// DevicePath is where a person confirms a device.
const DevicePath = "/device"

// DeviceCodes is the answer to a device (RFC 8628, section 3.2).
type DeviceCodes struct {
	Device   string `json:"device_code"`
	User     string `json:"user_code"`
	Where    string `json:"verification_uri"`
	Complete string `json:"verification_uri_complete"`
	Expires  int64  `json:"expires_in"` // seconds
	Interval int64  `json:"interval"`   // seconds
}

// letters spell codes that people type: no vowels, so no words (RFC 8628, section 6.1).
const letters = "BCDFGHJKLMNPQRSTVWXZ"

// How often a person may type a code that does not exist: 8 of 20 letters are 34 bits,
// so in the life of a code nobody comes near one.
const (
	wrongCodes = 10
	wrongFor   = time.Hour
)

// userCode returns a code such as WDJB-MJHT.
func userCode() string {
	var b strings.Builder
	for b.Len() < 9 {
		var random [1]byte
		_, _ = rand.Read(random[:]) // never fails: crypto/rand ends the program instead
		if random[0] >= 240 {
			continue // 240 is a multiple of 20: no letter comes more often
		}
		if b.Len() == 4 {
			b.WriteByte('-')
		}
		b.WriteByte(letters[random[0]%20])
	}
	return b.String()
}

// typed returns a code as it is looked up, however somebody typed it.
func typed(code string) identity.Digest {
	return identity.DigestOf(strings.Map(func(r rune) rune {
		if strings.ContainsRune(letters, r) {
			return r
		}
		return -1
	}, strings.ToUpper(code)))
}

// Device begins a request of a device without a browser (RFC 8628, section 3.1).
func (p *Provider) Device(ctx context.Context, c Client, form url.Values) (DeviceCodes, error) {
	if !c.may(grantDevice) {
		return DeviceCodes{}, fault(codeUnauthorized, "the client is no device")
	}
	scope := Scope(form.Get("scope")).only(c.Scope)
	if scope == "" {
		return DeviceCodes{}, fault(codeInvalidScope, "no scope that the client may ask for")
	}
	now, device, user := p.now(), id.Token(), userCode()
	err := p.Store.Update(ctx, func(tx Tx) error {
		if err := tx.ForgetGrants(now, forgetAtOnce); err != nil {
			return err
		}
		return tx.SaveDeviceRequest(DeviceRequest{
			Digest: identity.DigestOf(device), UserCode: typed(user), Client: c.ID, Scope: scope,
			State: DeviceWaits, Expires: now.Add(p.Limits.Device),
		})
	})
	if err != nil {
		return DeviceCodes{}, fmt.Errorf("begin a device of client %s: %w", c.ID, err)
	}
	where := p.Issuer + DevicePath
	return DeviceCodes{Device: device, User: user, Where: where, Complete: withQuery(where, "code", user),
		Expires: int64(p.Limits.Device.Seconds()), Interval: int64(p.Limits.Poll.Seconds())}, nil
}

// FindDevice returns what the device asks for whose code a person typed. It reports
// Invalid, at "code", for a code that does not wait, and TooMany after too many of
// those.
func (p *Provider) FindDevice(ctx context.Context, who Who, code string) (Consult, error) {
	var ask Consult
	_, err := p.device(ctx, who, code, func(_ Tx, c Client, r DeviceRequest, _ time.Time) error {
		ask = Consult{Client: c.Name, Scopes: r.Scope.List()}
		return nil
	})
	return ask, err
}

// DecideDevice gives the device what it asks for, or has it know that the person does
// not agree, and returns the client's name. It reports as FindDevice does.
func (p *Provider) DecideDevice(ctx context.Context, who Who, code string, agreed bool) (string, error) {
	c, err := p.device(ctx, who, code, func(tx Tx, c Client, r DeviceRequest, now time.Time) error {
		r.State = DeviceDenied
		if agreed {
			if err := who.holds(tx, now); err != nil {
				return err
			}
			g := Grant{ID: id.New(now), Client: c.ID, Person: who.Person, Scope: r.Scope, Methods: strings.Join(who.Methods, " "),
				Level: who.Level, Auth: who.Auth, Made: now, Expires: r.Expires, Means: who.Means, Provider: who.Provider}
			if err := tx.AddGrant(g); err != nil {
				return err
			}
			r.State, r.Grant = DeviceAllowed, g.ID
		}
		return tx.SaveDeviceRequest(r)
	})
	return c.Name, err
}

// device runs do on the request whose code a person typed, unless they guess.
func (p *Provider) device(ctx context.Context, who Who, code string, do func(Tx, Client, DeviceRequest, time.Time) error) (c Client, err error) {
	key, now, wrong := "openid:device:"+string(who.Person), p.now(), false
	err = p.Store.Update(ctx, func(tx Tx) error {
		if err := tx.Lock(key); err != nil {
			return err
		}
		t, err := tx.Tally(key)
		if err != nil {
			return err
		}
		if !now.Before(t.Expires) {
			t = identity.Tally{Key: key, Expires: now.Add(wrongFor)}
		}
		if t.Failures >= wrongCodes {
			return errs.New(errs.TooMany, "openid.error.codes")
		}
		r, found, err := askedFor(tx, code)
		if err != nil {
			return err
		}
		if wrong = !found || r.State != DeviceWaits || !now.Before(r.Expires); wrong {
			t.Failures, t.Last = t.Failures+1, now
			return tx.SaveTally(t)
		}
		if c, err = registered(tx, r.Client); err != nil {
			return err
		}
		return do(tx, c, r, now)
	})
	if err == nil && wrong {
		err = errs.New(errs.Invalid, "openid.error.code").At("code")
	}
	if err != nil {
		return Client{}, fmt.Errorf("confirm a device: %w", err)
	}
	return c, nil
}

// askedFor returns the request whose code a person typed. The device waits until it is settled.
func askedFor(tx Tx, code string) (DeviceRequest, bool, error) {
	r, found, err := absent(tx.DeviceRequestOf(typed(code)))
	if err != nil || !found {
		return DeviceRequest{}, false, err
	}
	if err := tx.Lock(lockDevice(r.Digest)); err != nil {
		return DeviceRequest{}, false, err
	}
	return absent(tx.DeviceRequest(r.Digest))
}

func lockDevice(code identity.Digest) string { return "openid:device_code:" + string(code) }

// collect gives a device its tokens once a person has agreed (RFC 8628, sections 3.4
// and 3.5).
func (p *Provider) collect(tx Tx, c Client, form url.Values, now time.Time) (given, error) {
	digest := identity.DigestOf(form.Get("device_code"))
	if err := tx.Lock(lockDevice(digest)); err != nil {
		return given{}, err
	}
	r, found, err := absent(tx.DeviceRequest(digest))
	if err != nil {
		return given{}, err
	}
	switch {
	case !found || r.Client != c.ID:
		return given{}, fault(codeInvalidGrant, "the device_code is unknown or used")
	case !now.Before(r.Expires):
		return given{}, fault("expired_token", "the person took too long")
	case r.State == DeviceDenied:
		return given{refused: fault(codeAccessDenied, "the person did not agree")}, tx.DeleteDeviceRequest(digest)
	case r.State == DeviceWaits:
		wait := fault("authorization_pending", "the person has not answered yet")
		if now.Sub(r.Polled) < p.Limits.Poll {
			wait = fault("slow_down", "ask less often")
		}
		r.Polled = now
		return given{refused: wait}, tx.SaveDeviceRequest(r)
	}
	g, found, err := held(tx, r.Grant)
	if err == nil && !found {
		err = ended()
	}
	if err != nil {
		return given{}, err
	}
	g = c.stands(g)
	return given{grant: g, scope: g.Scope, client: c}, tx.DeleteDeviceRequest(digest)
}
