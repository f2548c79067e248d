// SPDX-License-Identifier: Apache-2.0

package browsertest

import (
	"context"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/webauthn"
	"github.com/chromedp/chromedp"
)

// Device gives the browser a device that makes passkeys and uses them at once, as if its
// holder touched it; unlocks is whether they can unlock it.
func (p *Page) Device(unlocks bool) {
	p.t.Helper()
	p.Do("enable passkeys", command(webauthn.Enable, webauthn.EnableParams{}))
	p.Do("add a device", chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, webauthn.AddVirtualAuthenticator, webauthn.AddVirtualAuthenticatorParams{
			Options: &webauthn.VirtualAuthenticatorOptions{
				Protocol: webauthn.AuthenticatorProtocolCtap2, Transport: webauthn.AuthenticatorTransportInternal,
				HasResidentKey: true, HasUserVerification: true, IsUserVerified: unlocks, AutomaticPresenceSimulation: true,
			}})
		return err
	}))
}

// NoDevice takes the devices that Device gave: they are lost.
func (p *Page) NoDevice() {
	p.t.Helper()
	p.Do("disable passkeys", chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, webauthn.Disable, cdp.Empty{})
		return err
	}))
}
