// SPDX-License-Identifier: Apache-2.0

package leave

import (
	"cmp"
	"context"
	"slices"
	"strconv"

	"verlof/calendar"
	"verlof/internal/id"
	"verlof/people"
)

// Word is a word of the catalogues that a reason names, by its whole key.
type Word string

// saying returns the words of a change that names nothing but what it is given.
func saying(key string, args ...any) func(*scene) (Reason, error) {
	return func(*scene) (Reason, error) { return Reason{key, args}, nil }
}

// since adds to words from which day on: the zero day is since ever.
func since(key string, from calendar.Date, args ...any) Reason {
	if from.IsZero() {
		return Reason{key, args}
	}
	return Reason{key + "_from", append(args, "from", from)}
}

// act runs a method of a service that returns nothing but an error.
func act(err error) (string, error) { return "", err }

// SavingPolicy is Service.SavePolicy as a change.
func SavingPolicy(p Policy) Change {
	return Change{Kind: ChangedPolicy,
		words: func(c *scene) (Reason, error) { return c.policyWords("policy_"+added(p.ID), p), nil },
		make: func(ctx context.Context, by people.ID, at *inside) (string, error) {
			return at.leave.SavePolicy(ctx, by, p)
		}}
}

// DeletingPolicy is Service.DeletePolicy as a change.
func DeletingPolicy(policy string) Change {
	return Change{Kind: ChangedPolicy,
		words: func(c *scene) (Reason, error) {
			i := slices.IndexFunc(c.book.Policies, func(p Policy) bool { return p.ID == policy })
			if i < 0 {
				return Reason{}, nil
			}
			return c.policyWords("policy_deleted", c.book.Policies[i]), nil
		},
		make: func(ctx context.Context, by people.ID, at *inside) (string, error) {
			return act(at.leave.DeletePolicy(ctx, by, policy))
		}}
}

// added tells what is new, and has no id yet, from what changes.
func added(id string) string {
	if id == "" {
		return "added"
	}
	return "changed"
}

func (c *scene) policyWords(key string, p Policy) Reason {
	return since(key, p.From, "type", c.typeName(p.Type), "package", c.packageName(p.Package))
}

func (c *scene) typeName(id string) string {
	t, _ := c.book.Type(id)
	return t.Name
}

func (c *scene) packageName(id string) string {
	i := slices.IndexFunc(c.book.Packages, func(p Package) bool { return p.ID == id })
	if i < 0 {
		return ""
	}
	return c.book.Packages[i].Name
}

// Adopting is Service.Adopt as a change.
func Adopting(a Adoption) Change {
	a.Rules = slices.Clone(a.Rules)
	return Change{Kind: ChangedLaw,
		words: func(c *scene) (Reason, error) {
			name, law := a.Package.Name, ""
			if a.Package.ID != "" {
				name = c.packageName(a.Package.ID)
			}
			if len(a.Rules) > 0 {
				law = a.Rules[0].Pin.Law
			}
			return since("law", a.From, "law", law, "package", name), nil
		},
		make: func(ctx context.Context, by people.ID, at *inside) (string, error) {
			for i := range a.Rules { // types are the same ones when they are made once more
				a.Rules[i].id = cmp.Or(a.Rules[i].id, id.New(at.leave.Now()))
			}
			return at.leave.Adopt(ctx, by, a)
		}}
}

// SavingType is Service.SaveType as a change.
func SavingType(t Type) Change {
	return Change{Kind: ChangedType, words: saying("type_"+added(t.ID), "type", t.Name),
		make: func(ctx context.Context, by people.ID, at *inside) (string, error) {
			return at.leave.SaveType(ctx, by, t)
		}}
}

// Fixing is Service.FixEntitlement as a change. Its reason is that of the change.
func Fixing(x FixedEntitlement) Change {
	return Change{Kind: ChangedFixed,
		words: func(c *scene) (Reason, error) {
			t, _ := c.book.Type(x.Type)
			return Reason{"fixed", []any{"person", c.org.Person(x.Person).Name(), "type", t.Name, "year", x.Year, "amount", Amount{x.Amount, t.Unit}}}, nil
		},
		make: func(ctx context.Context, by people.ID, at *inside) (string, error) {
			return act(at.leave.FixEntitlement(ctx, by, x))
		}}
}

// Freeing is Service.FreeEntitlement as a change.
func Freeing(person people.ID, typ string, year int) Change {
	return Change{Kind: ChangedFixed,
		words: func(c *scene) (Reason, error) {
			return Reason{"freed", []any{"person", c.org.Person(person).Name(), "type", c.typeName(typ), "year", year}}, nil
		},
		make: func(ctx context.Context, by people.ID, at *inside) (string, error) {
			return act(at.leave.FreeEntitlement(ctx, by, person, typ, year))
		}}
}

// SavingPerson is people.Service.SavePerson as a change.
func SavingPerson(p people.Person) Change {
	return Change{Kind: ChangedPerson,
		words: func(c *scene) (Reason, error) {
			old := c.org.Person(p.ID)
			switch {
			case old.Location != p.Location && len(c.org.Records[p.ID].Contracts) == 0: // else their contract lines say it
				return Reason{"person_location", []any{"person", p.Name(), "location", c.org.Locations[p.Location].Name}}, nil
			case old.Born != p.Born:
				return Reason{"person_born", []any{"person", p.Name()}}, nil
			}
			return Reason{"person", []any{"person", p.Name()}}, nil
		},
		make: func(ctx context.Context, by people.ID, at *inside) (string, error) {
			return act(at.people.SavePerson(ctx, by, p))
		}}
}

// SavingEmployment is people.Service.SaveEmployment as a change.
func SavingEmployment(e people.Employment) Change {
	return Change{Kind: ChangedEmployment,
		words: func(c *scene) (Reason, error) {
			name := c.org.Person(e.Person).Name()
			if e.To.IsZero() {
				return Reason{"employment", []any{"person", name, "from", e.From}}, nil
			}
			return Reason{"employment_until", []any{"person", name, "from", e.From, "to", e.To}}, nil
		},
		make: func(ctx context.Context, by people.ID, at *inside) (string, error) {
			return at.people.SaveEmployment(ctx, by, e)
		}}
}

// DeletingEmployment is people.Service.DeleteEmployment as a change.
func DeletingEmployment(person people.ID, employment string) Change {
	begins := func(r *people.Record) calendar.Date {
		i := slices.IndexFunc(r.Employments, func(e people.Employment) bool { return e.ID == employment })
		return r.Employments[max(i, 0)].From
	}
	return Change{ChangedEmployment, removing("employment_deleted", person, begins), deleting((*people.Service).DeleteEmployment, person, employment)}
}

// deleting makes a change that deletes a dated line of a person.
func deleting(del func(*people.Service, context.Context, people.ID, people.ID, string) error, person people.ID, line string) func(context.Context, people.ID, *inside) (string, error) {
	return func(ctx context.Context, by people.ID, at *inside) (string, error) {
		return "", del(at.people, ctx, by, person, line)
	}
}

// removing returns the words for a dated line of a person that is removed. Nothing is said
// of what is not there: that is for the change itself to report.
func removing(key string, person people.ID, begins func(*people.Record) calendar.Date) func(*scene) (Reason, error) {
	return func(c *scene) (Reason, error) {
		r := c.org.Records[person]
		if r == nil || len(r.Employments) == 0 || len(r.Contracts) == 0 {
			return Reason{}, nil
		}
		return Reason{key, []any{"person", r.Person.Name(), "from", begins(r)}}, nil
	}
}

// SavingContract is people.Service.SaveContract as a change.
func SavingContract(line people.Contract) Change {
	return Change{Kind: ChangedContract,
		words: func(c *scene) (Reason, error) {
			pattern, err := c.patternName(line.Pattern)
			words := Reason{"contract", []any{"person", c.org.Person(line.Person).Name(), "from", line.From, "pattern", pattern,
				"package", c.packageName(line.Package)}}
			if len(c.org.Locations) > 1 {
				at := cmp.Or(line.Location, c.org.LocationOn(line.Person, line.From))
				words = Reason{"contract_at", append(words.Args, "location", c.org.Locations[at].Name)}
			}
			return words, err
		},
		make: func(ctx context.Context, by people.ID, at *inside) (string, error) {
			return at.people.SaveContract(ctx, by, line)
		}}
}

func (c *scene) patternName(id string) (string, error) {
	all, err := c.Patterns()
	for _, p := range all {
		if p.ID == id {
			return p.Name, nil
		}
	}
	return "", err
}

// DeletingContract is people.Service.DeleteContract as a change.
func DeletingContract(person people.ID, line string) Change {
	words := removing("contract_deleted", person, func(r *people.Record) calendar.Date {
		for _, c := range r.Contracts {
			if c.ID == line {
				return c.From
			}
		}
		return 0
	})
	return Change{ChangedContract, words, deleting((*people.Service).DeleteContract, person, line)}
}

// SavingPattern is people.Service.SavePattern as a change, which may change the hours of a
// pattern that people work by.
func SavingPattern(pattern, name, text string) Change {
	return Change{Kind: ChangedPattern, words: saying("pattern_"+added(pattern), "name", name),
		make: func(ctx context.Context, by people.ID, at *inside) (string, error) {
			return at.people.SavePattern(ctx, by, pattern, name, text)
		}}
}

// SavingLocation is people.Service.SaveLocation as a change.
func SavingLocation(l people.Location) Change {
	return Change{Kind: ChangedLocation,
		words: func(c *scene) (Reason, error) {
			if old, known := c.org.Locations[l.ID]; known && old.Region != l.Region && l.Region != "" {
				return Reason{"location_region", []any{"name", l.Name, "region", Word("region." + l.Region)}}, nil
			}
			return Reason{"location_" + added(l.ID), []any{"name", l.Name}}, nil
		},
		make: func(ctx context.Context, by people.ID, at *inside) (string, error) {
			return at.people.SaveLocation(ctx, by, l)
		}}
}

// SavingHolidaySet is people.Service.SaveHolidaySet as a change.
func SavingHolidaySet(set people.HolidaySet, locations []string) Change {
	return Change{Kind: ChangedHolidays, words: saying("set_"+added(set.ID), "name", set.Name),
		make: func(ctx context.Context, by people.ID, at *inside) (string, error) {
			return at.people.SaveHolidaySet(ctx, by, set, locations)
		}}
}

// SavingOwnDay is people.Service.SaveOwnDay as a change.
func SavingOwnDay(d people.OwnDay) Change {
	return Change{Kind: ChangedHolidays,
		words: func(*scene) (Reason, error) { return dayWords("day_"+added(d.ID), d), nil },
		make: func(ctx context.Context, by people.ID, at *inside) (string, error) {
			return at.people.SaveOwnDay(ctx, by, d)
		}}
}

// DeletingOwnDay is people.Service.DeleteOwnDay as a change.
func DeletingOwnDay(day string) Change {
	return Change{Kind: ChangedHolidays,
		words: func(c *scene) (Reason, error) {
			all, err := c.OwnDays()
			for _, d := range all {
				if d.ID == day {
					return dayWords("day_deleted", d), nil
				}
			}
			return Reason{}, err
		},
		make: func(ctx context.Context, by people.ID, at *inside) (string, error) {
			return act(at.people.DeleteOwnDay(ctx, by, day))
		}}
}

// dayWords names an own day: one that changes a public holiday by that.
func dayWords(key string, d people.OwnDay) Reason {
	if d.Feast != "" {
		return Reason{key + "_feast", []any{"name", Word("holiday." + d.Feast)}}
	}
	return Reason{key, []any{"name", d.Name, "date", d.Date}}
}

// CopyingDays is people.Service.CopyDays as a change. What is saved is how many there were.
func CopyingDays(location, set string, year int) Change {
	return Change{Kind: ChangedHolidays, words: saying("days_copied", "year", year),
		make: func(ctx context.Context, by people.ID, at *inside) (string, error) {
			n, err := at.people.CopyDays(ctx, by, location, set, year)
			return strconv.Itoa(n), err
		}}
}
