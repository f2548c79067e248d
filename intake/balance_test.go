// SPDX-License-Identifier: Apache-2.0

package intake

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"verlof/calendar"
	"verlof/errs"
	"verlof/internal/exact"
	"verlof/internal/lang"
	"verlof/leave"
)

const balances = "Email;Leave type;Balance;Date;Expires\n"

// holders returns the office with a type that is kept in hours.
func holders() *fakeStore {
	s := office()
	s.data.types["t3"] = leave.Type{ID: "t3", Name: "Time off in lieu", Colour: 3, Unit: leave.Hours, Counting: leave.WorkingTime, Entitled: true}
	s.data.policies = append(s.data.policies, leave.Policy{ID: "y3", Package: "k1", Type: "t3", Terms: leave.Terms{Accrual: leave.AtYearStart,
		Proration: leave.NoProration, CarryOver: leave.CarryOver{All: true}}})
	return s
}

func TestPlanBalances(t *testing.T) {
	tests := []struct {
		name, file, want string
		booked           bool
		options          Options
	}{
		{name: "less", file: "ben@example.com;Holiday;7,5;2026-11-01\n",
			want: "2 change balance Ben de Boer Holiday 2026-11-01; balance 10>15/2\n"},
		{name: "more", file: "ben@example.com;holiday;12.5 days;2026-01-01\n",
			want: "2 change balance Ben de Boer Holiday 2026-01-01; balance 10>25/2\n"},
		{name: "owed", file: "ben@example.com;Holiday;-2;2026-11-01\n",
			want: "2 change balance Ben de Boer Holiday 2026-11-01; balance 10>-2\n"},
		{name: "as_it_is", file: "ben@example.com;Holiday;10;2026-11-01\n",
			want: "2 same balance Ben de Boer Holiday 2026-11-01\n"},
		{name: "today_without_a_day", file: "ben@example.com;Holiday;8;\n",
			want: "2 change balance Ben de Boer Holiday 2026-11-23; balance 10>8\n"},
		{name: "leave_before_counts_and_after_does_not", booked: true, file: "ben@example.com;Holiday;8;2026-11-01\n",
			want: "2 same balance Ben de Boer Holiday 2026-11-01\n"},
		{name: "hours", file: "ben@example.com;Time off in lieu;12:30;2026-11-01\n",
			want: "2 change balance Ben de Boer Time off in lieu 2026-11-01; balance 0>750\n"},
		{name: "later_day_follows_from_the_earlier", file: "ben@example.com;Time off in lieu;5;2026-11-02\nben@example.com;Time off in lieu;5;2026-11-01\n",
			want: "2 same balance Ben de Boer Time off in lieu 2026-11-02\n3 change balance Ben de Boer Time off in lieu 2026-11-01; balance 0>300\n"},
		{name: "said_twice", file: "ben@example.com;Holiday;8;\nben@example.com;Holiday;8;\nben@example.com;Holiday;9;\n",
			want: "2 change balance Ben de Boer Holiday 2026-11-23; balance 10>8\n3 same balance Ben de Boer Holiday 2026-11-23 ~1:repeats 2\n4 refuse balance Ben de Boer !3:twice 2\n"},
		{name: "until_a_day", file: "ben@example.com;Holiday;4;2026-11-01;2027-06-30\nben@example.com;Holiday;10;2026-11-01;\n",
			want: "2 change balance Ben de Boer Holiday 2026-11-01 until 2027-06-30; balance 0>4\n3 same balance Ben de Boer Holiday 2026-11-01\n"},
		{name: "the_rest_stands_first", file: "ben@example.com;Holiday;6;2026-11-01;\nben@example.com;Holiday;4;2026-11-01;2027-06-30\nben@example.com;Holiday;1;2026-11-01;2027-08-31\n",
			want: "2 change balance Ben de Boer Holiday 2026-11-01; balance 10>6\n3 change balance Ben de Boer Holiday 2026-11-01 until 2027-06-30; balance 0>4\n4 change balance Ben de Boer Holiday 2026-11-01 until 2027-08-31; balance 0>1\n"},
		{name: "until_twice", file: "ben@example.com;Holiday;4;2026-11-01;2027-06-30\nben@example.com;Holiday;5;2026-11-01;2027-06-30\n",
			want: "2 change balance Ben de Boer Holiday 2026-11-01 until 2027-06-30; balance 0>4\n3 refuse balance Ben de Boer !3:twice 2\n"},
		{name: "over_already", file: "ben@example.com;Holiday;4;2026-11-01;2026-10-31\n", want: "2 refuse balance Ben de Boer !5:balance_over 2026-11-01\n"},
		{name: "nobody", file: "ana@example.com;Holiday;8;\n", want: "2 refuse balance  !1:nobody\n"},
		{name: "no_key", file: ";Holiday;8;\n", want: "2 refuse balance  !1:no_key\n"},
		{name: "no_type", file: "ben@example.com;;8;\n", want: "2 refuse balance Ben de Boer !2:no_type\n"},
		{name: "type_without_balance", file: "ben@example.com;Sick;8;\n", want: "2 refuse balance Ben de Boer !2:no_balance Sick\n"},
		{name: "type_nobody_knows", file: "ben@example.com;Carnaval;8;\n", want: "2 refuse balance Ben de Boer !2:no_balance Carnaval\n"},
		{name: "word_for_holiday", file: "ben@example.com;Vakantie;8;\nben@example.com;vakantie;8;2026-11-01\n",
			want: "2* same type Vakantie ~0:taken_for Holiday\n2 same balance Ben de Boer Holiday 2026-11-23\n3 change balance Ben de Boer Holiday 2026-11-01; balance 10>8\n"},
		{name: "word_for_holiday_as_called", file: "ben@example.com;Vakantie;8;\n", options: Options{Types: map[string]string{"Vakantie": AsCalled}},
			want: "2 refuse balance Ben de Boer !2:no_balance Vakantie\n"},
		{name: "type_by_another_name", file: "ben@example.com;Vakantie;8;\n", options: Options{Types: map[string]string{"vakantie": "Holiday"}},
			want: "2 change balance Ben de Boer Holiday 2026-11-23; balance 10>8\n"},
		{name: "no_amount", file: "ben@example.com;Holiday;;\n", want: "2 refuse balance Ben de Boer !3:no_amount\n"},
		{name: "no_number", file: "ben@example.com;Holiday;some;\nben@example.com;Holiday;7:30;\nben@example.com;Time off in lieu;1e9;\n",
			want: "2 refuse balance Ben de Boer !3:amount.days some\n3 refuse balance Ben de Boer !3:amount.days 7:30\n4 refuse balance Ben de Boer !3:amount.hours 1e9\n"},
		{name: "thousands_or_a_fraction", file: "ben@example.com;Time off in lieu;1.040;\nben@example.com;Holiday;-1,040;\n",
			want: "2 refuse balance Ben de Boer !3:thousands 1.040 1040\n3 refuse balance Ben de Boer !3:thousands -1,040 -1040\n"},
		{name: "thousands_as_another_line_shows", file: "ben@example.com;Time off in lieu;1.040;\nben@example.com;Holiday;7,5;\n",
			want: "2 change balance Ben de Boer Time off in lieu 2026-11-23; balance 0>62400\n3 change balance Ben de Boer Holiday 2026-11-23; balance 10>15/2\n"},
		{name: "a_fraction_as_another_line_shows", file: "ben@example.com;Time off in lieu;1.040;\nben@example.com;Holiday;0.500;\n",
			want: "2 change balance Ben de Boer Time off in lieu 2026-11-23; balance 0>62\n3 change balance Ben de Boer Holiday 2026-11-23; balance 10>1/2\n"},
		{name: "thousands_and_a_fraction", file: "ben@example.com;Time off in lieu;1.040,5;\n",
			want: "2 change balance Ben de Boer Time off in lieu 2026-11-23; balance 0>62430\n"},
		{name: "thousands_in_switzerland", file: "ben@example.com;Time off in lieu;1'040.50;\n",
			want: "2 change balance Ben de Boer Time off in lieu 2026-11-23; balance 0>62430\n"},
		{name: "too_many", file: "ben@example.com;Holiday;10001;\n", want: "2 refuse balance Ben de Boer !3:amount.days 10001\n"},
		{name: "formula", file: "ben@example.com;Holiday;=A1;\n", want: "2 refuse balance Ben de Boer !3:formula =A1\n"},
		{name: "before_the_employment", file: "ben@example.com;Holiday;8;2024-12-31\n", want: "2 refuse balance Ben de Boer !4:not_employed_on 2024-12-31\n"},
		{name: "far_ahead", file: "ben@example.com;Holiday;8;2028-01-01\n", want: "2 refuse balance Ben de Boer !4:balance_ahead\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := holders()
			if tt.booked {
				book(s, "r1", "t1", "2026-03-02", "2026-03-03")
				book(s, "r2", "t1", "2026-12-01", "2026-12-04")
				for id, r := range s.data.requests {
					for d := r.From; d <= r.To; d++ {
						r.Charges = append(r.Charges, leave.Charge{Date: d, Days: exact.Int(1), Minutes: 480})
					}
					s.data.requests[id] = r
				}
			}
			if d := cmp.Diff(tt.want, show(planOf(t, s, balances+tt.file, tt.options))); d != "" {
				t.Errorf("plan (-want +got):\n%s", d)
			}
		})
	}
}

// TestApplyBalances: what is written makes the file true, once.
func TestApplyBalances(t *testing.T) {
	s := holders()
	file := balances + "ben@example.com;Holiday;7,5;2026-11-01\nben@example.com;Time off in lieu;-1:15;2026-01-01\nana@example.com;Holiday;1;\n"
	apply(t, s, strings.ReplaceAll(file, "-1:15", "-1,25"), Options{})
	got := map[string]string{}
	for _, a := range s.data.adjustments {
		got[a.Type+" "+a.Date.String()] = a.Amount.String() + " " + a.Reason + " " + string(a.By)
	}
	want := map[string]string{"t1 2026-11-01": "-5/2 Imported balance: 7.5 days ada", "t3 2026-01-01": "-75 Imported balance: −1:15 h ada"}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("written (-want +got):\n%s", d)
	}
	again := planOf(t, s, strings.ReplaceAll(file, "-1:15", "-1,25"), Options{})
	if n := again.Counts(TheBalance); n != (Counts{Same: 2, Refuse: 1}) {
		t.Errorf("imported again: %+v", n)
	}
}

// TestBalancesNeed: without the columns that say what is left of what, there is nothing to import.
func TestBalancesNeed(t *testing.T) {
	for text, want := range map[string]string{
		"Email;Balance;Date\nben@example.com;8;\n":  "intake.error.missing.type",
		"Email;Leave type\nben@example.com;Holiday": "intake.error.missing.balance",
	} {
		f, err := Open(source(text), Options{Kind: Balances})
		if err == nil {
			err = f.Problem()
		}
		if errs.As(err).Public != want {
			t.Errorf("%q: %v", text, err)
		}
	}
}

// TestAmountForReading writes amounts in the reader's form.
func TestAmountForReading(t *testing.T) {
	nl := lang.For("nl")
	if got := Value(nl, Amount{exact.New(15, 2), leave.Days}) + ", " + Value(nl, Amount{exact.Int(750), leave.Hours}); got != "7,5 dagen, 12:30 uur" {
		t.Errorf("got %q", got)
	}
}

// A word for holiday is no guess where two types of leave may be meant, and none at a type that is
// not offered any more or that nobody has a balance of.
func TestWordForHoliday(t *testing.T) {
	const file = balances + "ben@example.com;Vakantie;8;\n"
	const guessed = "2* same type Vakantie ~0:taken_for Holiday\n2 change balance Ben de Boer Holiday 2026-11-23; balance 10>8\n"
	const unknown = "2 refuse balance Ben de Boer !2:no_balance Vakantie\n"
	extra := leave.Type{ID: "t4", Name: "Extra holiday", Colour: 4, Unit: leave.Days, Counting: leave.WorkingTime, Entitled: true}
	retired, recorded := extra, extra
	retired.Retired, recorded.Entitled = true, false
	for _, tt := range []struct {
		name  string
		other leave.Type
		want  string
	}{{"two", extra, unknown}, {"retired", retired, guessed}, {"only_recorded", recorded, guessed}} {
		t.Run(tt.name, func(t *testing.T) {
			s := holders()
			s.data.types["t4"] = tt.other
			p := planOf(t, s, file, Options{})
			if d := cmp.Diff(tt.want, show(p)); d != "" {
				t.Errorf("plan (-want +got):\n%s", d)
			}
			if want := map[string]string{"Vakantie": "t1"}; tt.want == guessed && !cmp.Equal(want, p.Options.Types) {
				t.Errorf("types of the options: %v, want %v", p.Options.Types, want)
			}
		})
	}
}

// TestApplyBalanceUntil: leave that ends on a day is written with that day, and imported again it is there.
func TestApplyBalanceUntil(t *testing.T) {
	s := holders()
	const file = balances + "ben@example.com;Holiday;4;2026-11-01;2027-06-30\nben@example.com;Holiday;12;2026-11-01;\n"
	apply(t, s, file, Options{})
	got := map[string]string{}
	for _, a := range s.data.adjustments {
		got[a.Date.String()+" "+a.Until.String()] = a.Amount.String()
	}
	if d := cmp.Diff(map[string]string{"2026-11-01 2027-06-30": "4", "2026-11-01 " + calendar.Date(0).String(): "2"}, got); d != "" {
		t.Errorf("written (-want +got):\n%s", d)
	}
	p := planOf(t, s, file, Options{})
	if n := p.Counts(TheBalance); n != (Counts{Same: 2}) {
		t.Errorf("imported again: %+v", n)
	}
}
