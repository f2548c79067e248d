// SPDX-License-Identifier: Apache-2.0

package provision

import "testing"

// TestMail: of several addresses the primary one counts, else the first of work, else the first.
func TestMail(t *testing.T) {
	first, second := Email{Value: "a@x.example"}, Email{Value: "b@x.example"}
	work, primary := Email{Value: "w@x.example", Type: "Work"}, Email{Value: "p@x.example", Primary: true}
	for name, tt := range map[string]struct {
		user User
		want string
	}{
		"primary":      {User{Details: Details{Emails: []Email{first, work, primary}}}, "p@x.example"},
		"work":         {User{Details: Details{Emails: []Email{first, work, second}}}, "w@x.example"},
		"first":        {User{Details: Details{Emails: []Email{first, second}}}, "a@x.example"},
		"user name":    {User{Name: "u@x.example"}, "u@x.example"},
		"empty value":  {User{Name: "u@x.example", Details: Details{Emails: []Email{{}}}}, "u@x.example"},
		"no addresses": {User{Name: "u"}, ""},
	} {
		if got := tt.user.Mail(); got != tt.want {
			t.Errorf("%s: got %q, want %q", name, got, tt.want)
		}
	}
}
