// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"time"

	"verlof/operate"
	"verlof/tenant"
)

// userCmd holds the verbs about accounts.
type userCmd struct {
	Invite userInvite `cmd:"" help:"Send somebody a link to choose a first password."`
	Reset  userReset  `cmd:"" help:"Send somebody a link to choose another password."`
}

// someone is a person of a customer, as flags name them.
type someone struct {
	settings  `embed:"" group:"settings"`
	Tenant    string `required:"" placeholder:"SLUG" help:"The customer's short name."`
	Email     string `arg:"" name:"EMAIL" help:"The person's mail address."`
	PrintLink bool   `xor:"what" help:"Print the link and send no mail. Whoever holds it gets in: hand it over safely."`
	Reason    string `placeholder:"TEXT" help:"Why, for the record that verlof tenant log shows."`
	JSON      bool   `help:"Print JSON."`
}

// userInvite lets somebody in for the first time.
type userInvite struct {
	someone `embed:""`
}

// Help is what --help adds.
func (userInvite) Help() string {
	return `The person must be one of the customer's people: import them or add them on its site first.

Example:
  verlof user invite anna@acme.example --tenant acme`
}

// Run invites them.
func (c *userInvite) Run(ctx context.Context, io *console) error {
	return c.let(ctx, io, operate.Invitation, "invited")
}

// userReset lets somebody in again.
type userReset struct {
	someone `embed:""`
	Factors bool `xor:"what" help:"Remove authenticator app, passkeys and recovery codes, and sign them out everywhere; the password stays."`
}

// Help is what --help adds.
func (userReset) Help() string {
	return `Of somebody who never chose a password it is the invitation again.

Examples:
  verlof user reset anna@acme.example --tenant acme
  verlof user reset anna@acme.example --tenant acme --factors --reason "lost her phone"`
}

// Run sends them a link, or takes their second factors.
func (c *userReset) Run(ctx context.Context, io *console) error {
	if c.Factors {
		return c.resetFactors(ctx, io)
	}
	return c.let(ctx, io, operate.Reset, "reset")
}

// resetFactors lets in somebody who lost what they proved themselves with. A mail tells them.
func (c *userReset) resetFactors(ctx context.Context, io *console) error {
	return c.with(ctx, func(d *tenant.Directory) error {
		id, err := operate.ResetFactors(ctx, d, c.Tenant, c.Email, whoever(c.Reason))
		if err != nil {
			return err
		}
		if _, err := c.sendNow(ctx, io, d, id); err != nil {
			return err
		}
		if c.JSON {
			return io.json(letIn{To: c.Email})
		}
		return io.table([]string{"reset", c.Email + ", second factors"})
	})
}

func (c *someone) let(ctx context.Context, io *console, m operate.Means, done string) error {
	return c.with(ctx, func(d *tenant.Directory) error {
		out, err := (&admission{&c.settings, c.Tenant, c.Email, m, c.PrintLink, whoever(c.Reason)}).grant(ctx, io, d)
		if err != nil {
			return err
		}
		if c.JSON {
			return io.json(out)
		}
		return io.table(out.rows(done)...)
	})
}

// admission is somebody who is to be let in.
type admission struct {
	*settings
	slug, email string
	means       operate.Means
	printLink   bool
	why         tenant.Why
}

// letIn is what became of an admission.
type letIn struct {
	To      string    `json:"to"`
	Link    string    `json:"link,omitempty"` // empty: it went by mail
	Expires time.Time `json:"expires,omitzero"`
}

// grant makes the link, or sends it.
func (a *admission) grant(ctx context.Context, io *console, d *tenant.Directory) (letIn, error) {
	out := letIn{To: a.email}
	if a.printLink {
		l, err := operate.Issue(ctx, d, a.slug, a.email, a.why)
		if err != nil {
			return out, err
		}
		out.Link, out.Expires = a.site(l.Host)+l.Path, l.Expires.UTC().Truncate(time.Second)
		return out, nil
	}
	id, err := operate.Send(ctx, d, a.slug, a.email, a.means, a.why)
	if err != nil {
		return out, err
	}
	_, err = a.sendNow(ctx, io, d, id)
	return out, err
}

// rows are its rows in a table; done says what somebody was who got a mail.
func (l *letIn) rows(done string) [][]string {
	switch {
	case l.To == "":
		return nil
	case l.Link == "":
		return [][]string{{done, l.To + ", by mail"}}
	}
	return [][]string{{"link", l.Link}, {"until", l.Expires.Format(time.RFC3339)}}
}
