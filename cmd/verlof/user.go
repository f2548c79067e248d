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
	PrintLink bool   `help:"Print the link and send no mail. Whoever holds it gets in: hand it over safely."`
	JSON      bool   `help:"Print JSON."`
}

// Help is what --help adds.
func (someone) Help() string {
	return `The person must be one of the customer's people: import them or add them on its site first.

Example:
  verlof user invite anna@acme.example --tenant acme`
}

// userInvite lets somebody in for the first time.
type userInvite struct {
	someone `embed:""`
}

// Run invites them.
func (c *userInvite) Run(ctx context.Context, io *console) error {
	return c.let(ctx, io, operate.Invitation)
}

// userReset lets somebody in again.
type userReset struct {
	someone `embed:""`
	Factors bool `help:"Remove authenticator app, passkeys and recovery codes, and sign them out everywhere; the password stays."`
}

// Run sends them a link, or takes their second factors.
func (c *userReset) Run(ctx context.Context, io *console) error {
	if c.Factors {
		return c.resetFactors(ctx, io)
	}
	return c.let(ctx, io, operate.Reset)
}

// resetFactors lets in somebody who lost what they proved themselves with. A mail tells them.
func (c *userReset) resetFactors(ctx context.Context, io *console) error {
	return c.with(ctx, func(d *tenant.Directory) error {
		id, err := operate.ResetFactors(ctx, d, c.Tenant, c.Email)
		if err != nil {
			return err
		}
		report, err := c.sendNow(ctx, d, id)
		if err != nil {
			return err
		}
		if report.Problem != nil {
			io.say("the mail could not be sent now and waits in the outbox: %v", report.Problem)
		}
		if c.JSON {
			return io.json(letIn{To: c.Email})
		}
		return io.table([]string{"reset", c.Email + ", second factors"})
	})
}

func (c *someone) let(ctx context.Context, io *console, m operate.Means) error {
	return c.with(ctx, func(d *tenant.Directory) error {
		out, err := (&admission{&c.settings, c.Tenant, c.Email, m, c.PrintLink}).grant(ctx, io, d)
		if err != nil {
			return err
		}
		if c.JSON {
			return io.json(out)
		}
		return out.print(io)
	})
}

// admission is somebody who is to be let in.
type admission struct {
	*settings
	slug, email string
	means       operate.Means
	printLink   bool
}

// letIn is what became of an admission.
type letIn struct {
	To      string     `json:"to"`
	Link    string     `json:"link,omitempty"` // empty: it went by mail
	Expires *time.Time `json:"expires,omitempty"`
}

// grant makes the link, or sends it.
func (a *admission) grant(ctx context.Context, io *console, d *tenant.Directory) (letIn, error) {
	out := letIn{To: a.email}
	if a.printLink {
		l, err := operate.Issue(ctx, d, a.slug, a.email)
		if err != nil {
			return out, err
		}
		expires := l.Expires.UTC().Truncate(time.Second)
		out.Link, out.Expires = a.site(l.Host)+l.Path, &expires
		return out, nil
	}
	id, err := operate.Send(ctx, d, a.slug, a.email, a.means)
	if err != nil {
		return out, err
	}
	report, err := a.sendNow(ctx, d, id)
	if err != nil {
		return out, err
	}
	if report.Problem != nil {
		io.say("the mail could not be sent now and waits in the outbox: %v", report.Problem)
	}
	return out, nil
}

func (l *letIn) print(io *console) error { return io.table(l.rows()...) }

func (l *letIn) rows() [][]string {
	switch {
	case l.To == "":
		return nil
	case l.Link == "":
		return [][]string{{"invited", l.To + ", by mail"}}
	}
	return [][]string{{"link", l.Link}, {"until", l.Expires.Format(time.RFC3339)}}
}
