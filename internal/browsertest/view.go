// SPDX-License-Identifier: Apache-2.0

package browsertest

import (
	"fmt"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// View is how a person looks at the pages: through which screen, in which
// light, in which language, with script or without.
type View struct {
	Width, Height int    // of the screen, in CSS pixels
	Touch         bool   // a finger instead of a mouse
	Dark          bool   // prefers-color-scheme: dark
	NoScript      bool   // the browser runs no script of the page
	Language      string // Accept-Language; empty: the browser's own
}

// The two screens every page must fit.
var (
	Phone = View{Width: 390, Height: 844, Touch: true}
	Desk  = View{Width: 1440, Height: 900}
)

// InDark returns v with the lights out.
func (v View) InDark() View { v.Dark = true; return v }

// WithoutScript returns v with scripts refused.
func (v View) WithoutScript() View { v.NoScript = true; return v }

// In returns v for a reader of the language tag ("nl", "en-GB").
func (v View) In(tag string) View { v.Language = tag; return v }

// String returns what a picture's name says of v: "390-dark", "1440-light-noscript".
func (v View) String() string {
	s := fmt.Sprintf("%d-light", v.Width)
	if v.Dark {
		s = fmt.Sprintf("%d-dark", v.Width)
	}
	if v.NoScript {
		s += "-noscript"
	}
	return s
}

// look makes the browser see with v. Script and language count from the next
// page on, the rest at once.
func (v View) look() chromedp.Action[chromedp.Void] {
	return chromedp.Steps(
		v.screen(),
		command(emulation.SetTouchEmulationEnabled, emulation.SetTouchEmulationEnabledParams{Enabled: v.Touch}),
		v.light(),
		runScripts(!v.NoScript),
		command(network.SetExtraHTTPHeaders, network.SetExtraHTTPHeadersParams{Headers: v.headers()}),
	)
}

// screen sets the size of the screen.
func (v View) screen() chromedp.Action[chromedp.Void] {
	width, height := int64(v.Width), int64(v.Height)
	return command(emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{
		Width: width, Height: height, ScreenWidth: width, ScreenHeight: height, DeviceScaleFactor: 1, Mobile: v.Touch,
	})
}

// light sets the colour scheme, and asks for no motion: a picture is taken of
// a page that stands still.
func (v View) light() chromedp.Action[chromedp.Void] {
	scheme := "light"
	if v.Dark {
		scheme = "dark"
	}
	return command(emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{
		{Name: "prefers-color-scheme", Value: scheme},
		{Name: "prefers-reduced-motion", Value: "reduce"},
	}})
}

func (v View) headers() network.Headers {
	if v.Language == "" {
		return network.Headers{}
	}
	return network.Headers{"Accept-Language": v.Language}
}

func runScripts(yes bool) chromedp.Action[chromedp.Void] {
	return command(emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: !yes})
}
