// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/alecthomas/kong"

	"verlof/errs"
)

// cli are the verbs.
type cli struct {
	Help helpFlag `short:"h" help:"Say what a verb does, and stop."`

	Demo      demoCmd      `cmd:"" help:"Run two fictional customers on this machine."`
	Serve     serveCmd     `cmd:"" help:"Run the customers of an installation."`
	Tenant    tenantCmd    `cmd:"" help:"Create, list, show, rename, suspend and freeze customers."`
	Grant     grantCmd     `cmd:"" help:"Let somebody look at a copy in quarantine, for a reason and a time."`
	User      userCmd      `cmd:"" help:"Let people sign in."`
	Keys      keysCmd      `cmd:"" help:"List and replace what sealed columns are closed with."`
	Backup    backupCmd    `cmd:"" help:"See to the copies at the depot."`
	Restore   restoreCmd   `cmd:"" help:"Give a customer an earlier state back."`
	Migrate   migrateCmd   `cmd:"" help:"Bring customers' databases up to date with this program, a few at first."`
	Recover   recoverCmd   `cmd:"" help:"Bring an installation back on an empty machine, from its depot and its root key."`
	Probe     probeCmd     `cmd:"" help:"Look at a site from another machine, and tell its installation."`
	Processes processesCmd `cmd:"" help:"Say which processes serve the customers, and what there is once alone."`
	Promises  promisesCmd  `cmd:"" help:"Say what the installation promises about the data, and how each promise stands."`
	Import    importCmd    `cmd:"" help:"Take people and absences over from another system's file."`
	Scenario  scenarioCmd  `cmd:"" help:"Work out cases of leave, and compare with what is wanted."`
	API       apiCmd       `cmd:"" name:"api" help:"Call the API of a customer's site, as its programs do."`
	Config    configCmd    `cmd:"" help:"Print the settings in force, and where each comes from."`
	Version   versionCmd   `cmd:"" help:"Print what this program was built from."`
}

const description = `Leave administration for many customers on one installation.

Exit codes: 0 done, 1 failed, 2 wrong usage, setting or input, 3 not found, 4 conflict,
5 unavailable at the moment, 6 not allowed.

Examples:
  verlof demo
  verlof tenant create acme --name "Acme" --admin hr@acme.example
  verlof serve --data /var/lib/verlof --base-domain leave.example.org`

// helpFlag prints help in place of the verb.
type helpFlag bool

var errHelp = errors.New("help was asked for")

// BeforeReset prints the help of whatever verb stands before the flag.
func (helpFlag) BeforeReset(c *kong.Context) error {
	if err := c.PrintUsage(false); err != nil {
		return err
	}
	return errHelp
}

// IgnoreDefault keeps kong from taking an absent flag for one that was given.
func (helpFlag) IgnoreDefault() {}

// parse reads args and runs the verb they name.
func parse(ctx context.Context, args []string, env map[string]string, io *console) error {
	var verbs cli
	layers := &layers{env: env, origin: map[string]string{}}
	k, err := kong.New(&verbs, kong.Name("verlof"), kong.Description(description), kong.Writers(io.out, io.err),
		kong.NoDefaultHelp(), kong.Resolvers(layers), kong.ConfigureHelp(kong.HelpOptions{Compact: true, FlagsLast: true}),
		kong.ExplicitGroups([]kong.Group{{Key: settingsGroup, Title: settingsTitle}}),
		kong.BindTo(ctx, (*context.Context)(nil)), kong.Bind(io, layers))
	if err != nil {
		return err
	}
	c, err := k.Parse(asked(args))
	if errors.Is(err, errHelp) {
		return nil
	}
	if err != nil {
		return usage(err)
	}
	return c.Run()
}

// asked puts what other programs are asked for help and their version by into our own words.
func asked(args []string) []string {
	switch {
	case len(args) > 0 && args[0] == "help":
		return append(slices.Clone(args[1:]), "--help")
	case len(args) == 1 && args[0] == "--version":
		return []string{"version"}
	}
	return args
}

// usage turns kong's complaint about args into an error with a hint.
func usage(err error) error {
	verb := "verlof"
	var p *kong.ParseError
	if errors.As(err, &p) {
		if node := p.Context.Selected(); node != nil {
			verb += " " + node.Path()
		}
	}
	hint := verb + " --help says what can be asked"
	var known *errs.Error
	switch {
	case !errors.As(err, &known):
		return errs.Operator(hint, "%w", err)
	case known.Public == "":
		return known
	}
	where, _, _ := strings.Cut(err.Error(), ": ") // the flag
	return errs.Operator(hint, "%s: %s", where, message(err, known))
}
