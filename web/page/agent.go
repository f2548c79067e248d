// SPDX-License-Identifier: Apache-2.0

package page

import "strings"

// browsers and systems are what a User-Agent header may hold and what people
// call it; the first that is found counts, since later ones pose as earlier ones.
var (
	browsers = [][2]string{
		{"Edg/", "Edge"}, {"OPR/", "Opera"}, {"SamsungBrowser/", "Samsung Internet"}, {"Firefox/", "Firefox"},
		{"FxiOS/", "Firefox"}, {"CriOS/", "Chrome"}, {"Chrome/", "Chrome"}, {"Safari/", "Safari"},
	}
	systems = [][2]string{
		{"iPhone", "iPhone"}, {"iPad", "iPad"}, {"Android", "Android"}, {"Windows", "Windows"},
		{"Mac OS X", "macOS"}, {"CrOS", "ChromeOS"}, {"Linux", "Linux"},
	}
)

// BrowserName returns "Firefox, Windows" of a User-Agent header; empty where
// nothing is known. It serves people who look for a browser that is not theirs,
// and decides nothing.
func BrowserName(agent string) string {
	names := []string{}
	for _, list := range [][][2]string{browsers, systems} {
		for _, known := range list {
			if strings.Contains(agent, known[0]) {
				names = append(names, known[1])
				break
			}
		}
	}
	return strings.Join(names, ", ")
}
