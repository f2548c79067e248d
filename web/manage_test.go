// SPDX-License-Identifier: Apache-2.0

package web

import (
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"

	"verlof/web/page"
)

// The routes of administration with what asks for them: see matrix_test.go and
// slips_test.go.
func init() {
	maps.Copy(exemplars, adminExemplars)
	maps.Copy(sheets, adminSheets)
}

// elsewhere is what the other customer gets for what is not theirs.
const elsewhere = http.StatusNotFound

var adminExemplars = map[string]exemplar{
	"GET /manage": {path: "/manage"},

	"POST /manage/people/invite":                         {path: "/manage/people/invite", form: []string{"team", "{id:workshop}"}, other: http.StatusConflict},
	"GET /manage/people":                                 {path: "/manage/people?team={id:sales}"},
	"GET /manage/people/new":                             {path: "/manage/people/new"},
	"POST /manage/people/new":                            {path: "/manage/people/new", form: []string{"family", "Doe", "team", "{id:sales}"}, other: http.StatusUnprocessableEntity},
	"GET /manage/people/{id}":                            {path: "/manage/people/{id:carla}", other: elsewhere},
	"GET /manage/people/{id}/edit":                       {path: "/manage/people/{id:carla}/edit", other: elsewhere},
	"POST /manage/people/{id}/edit":                      {path: "/manage/people/{id:carla}/edit", form: []string{"family", "Doe"}, other: elsewhere},
	"POST /manage/people/{id}/sign-in":                   {path: "/manage/people/{id:carla}/sign-in", other: elsewhere},
	"GET /manage/people/{id}/employments/new":            {path: "/manage/people/{id:carla}/employments/new", other: elsewhere},
	"POST /manage/people/{id}/employments/new":           {path: "/manage/people/{id:carla}/employments/new", form: []string{"from", "2019-01-01", "to", "2019-12-31"}, other: elsewhere},
	"GET /manage/people/{id}/employments/{line}":         {path: "/manage/people/{id:carla}/employments/e{id:carla}", other: elsewhere},
	"POST /manage/people/{id}/employments/{line}":        {path: "/manage/people/{id:carla}/employments/e{id:carla}", form: []string{"from", "2019-01-01"}, other: elsewhere},
	"POST /manage/people/{id}/employments/{line}/delete": {path: "/manage/people/{id:carla}/employments/e{id:carla}/delete", other: elsewhere},
	"GET /manage/people/{id}/contracts/new":              {path: "/manage/people/{id:carla}/contracts/new", other: elsewhere},
	"POST /manage/people/{id}/contracts/new":             {path: "/manage/people/{id:carla}/contracts/new", form: []string{"from", "2026-01-01"}, other: elsewhere},
	"GET /manage/people/{id}/contracts/{line}":           {path: "/manage/people/{id:carla}/contracts/c{id:carla}", other: elsewhere},
	"POST /manage/people/{id}/contracts/{line}":          {path: "/manage/people/{id:carla}/contracts/c{id:carla}", form: []string{"from", "2026-01-01"}, other: elsewhere},
	"POST /manage/people/{id}/contracts/{line}/delete":   {path: "/manage/people/{id:carla}/contracts/c{id:carla}/delete", other: elsewhere},
	"GET /manage/roles":                                  {path: "/manage/roles"},
	"GET /manage/roles/new":                              {path: "/manage/roles/new"},
	"POST /manage/roles/new":                             {path: "/manage/roles/new", form: []string{"name", "Lookers", "over", "teams", "rights", "see-leave", "teams", "{id:sales}"}, other: http.StatusUnprocessableEntity},
	"GET /manage/roles/{id}":                             {path: "/manage/roles/{id:sales}", other: elsewhere},
	"POST /manage/roles/{id}":                            {path: "/manage/roles/{id:sales}", form: []string{"name", "Lookers", "over", "everybody", "rights", "see-leave"}, other: elsewhere},
	"POST /manage/roles/{id}/delete":                     {path: "/manage/roles/{id:sales}/delete", other: elsewhere},
	"GET /manage/rights":                                 {path: "/manage/rights?person={id:carla}", other: elsewhere},
	"GET /manage/rights/list.csv":                        {path: "/manage/rights/list.csv"},
	"GET /manage/teams":                                  {path: "/manage/teams"},
	"GET /manage/teams/new":                              {path: "/manage/teams/new"},
	"POST /manage/teams/new":                             {path: "/manage/teams/new", form: []string{"name", "Board", "members", "{id:carla}"}, other: http.StatusUnprocessableEntity},
	"GET /manage/teams/{id}":                             {path: "/manage/teams/{id:sales}", other: elsewhere},
	"POST /manage/teams/{id}":                            {path: "/manage/teams/{id:sales}", form: []string{"name", "Board"}, other: elsewhere},
	"POST /manage/teams/{id}/delete":                     {path: "/manage/teams/{id:sales}/delete", other: elsewhere},
	"GET /manage/locations":                              {path: "/manage/locations"},
	"GET /manage/locations/new":                          {path: "/manage/locations/new"},
	"POST /manage/locations/new":                         {path: "/manage/locations/new", form: []string{"name", "Delft", "time_zone", "UTC"}},
	"GET /manage/locations/{id}":                         {path: "/manage/locations/utrecht"},
	"POST /manage/locations/{id}":                        {path: "/manage/locations/utrecht", form: []string{"name", "Utrecht West", "time_zone", "UTC"}},
	"GET /manage/holidays":                               {path: "/manage/holidays?year=2027"},
	"POST /manage/holidays/copy":                         {path: "/manage/holidays/copy", form: []string{"where", "", "year", "2026"}},
	"GET /manage/holidays/sets/new":                      {path: "/manage/holidays/sets/new"},
	"POST /manage/holidays/sets/new":                     {path: "/manage/holidays/sets/new", form: []string{"name", "Late"}},
	"GET /manage/holidays/sets/{id}":                     {path: "/manage/holidays/sets/early"},
	"POST /manage/holidays/sets/{id}":                    {path: "/manage/holidays/sets/early", form: []string{"name", "Early", "locations", "utrecht"}},
	"POST /manage/holidays/sets/{id}/delete":             {path: "/manage/holidays/sets/spare/delete"},
	"GET /manage/days/new":                               {path: "/manage/days/new"},
	"POST /manage/days/new":                              {path: "/manage/days/new", form: []string{"name", "Bridge", "date", "2026-05-15", "off", "full"}},
	"GET /manage/days/{id}":                              {path: "/manage/days/eve"},
	"POST /manage/days/{id}":                             {path: "/manage/days/eve", form: []string{"name", "Eve", "date", "2026-12-24", "off", "full"}},
	"POST /manage/days/{id}/delete":                      {path: "/manage/days/eve/delete"},
	"GET /manage/patterns":                               {path: "/manage/patterns"},
	"GET /manage/patterns/new":                           {path: "/manage/patterns/new"},
	"POST /manage/patterns/new":                          {path: "/manage/patterns/new", form: []string{"name", "Two", "pattern", "mon tue"}},
	"GET /manage/patterns/preview":                       {path: "/manage/patterns/preview?pattern=mon"},
	"GET /manage/patterns/{id}":                          {path: "/manage/patterns/full"},
	"POST /manage/patterns/{id}":                         {path: "/manage/patterns/full", form: []string{"name", "Whole", "pattern", "mon-fri 08:30-12:30 13:00-17:00"}},
	"GET /manage/approval":                               {path: "/manage/approval"},
	"GET /manage/approval/new":                           {path: "/manage/approval/new"},
	"POST /manage/approval/new":                          {path: "/manage/approval/new", form: []string{"name", "All", "person", "{id:carla}", "step1", "manager"}, other: http.StatusUnprocessableEntity},
	"GET /manage/approval/{id}":                          {path: "/manage/approval/{rule}", other: elsewhere},
	"POST /manage/approval/{id}":                         {path: "/manage/approval/{rule}", form: []string{"name", "All", "step1", "manager"}, other: elsewhere},
	"POST /manage/approval/{id}/delete":                  {path: "/manage/approval/{rule}/delete", other: elsewhere},
	"GET /manage/limits":                                 {path: "/manage/limits"},
	"GET /manage/limits/new":                             {path: "/manage/limits/new"},
	"POST /manage/limits/new":                            {path: "/manage/limits/new", form: []string{"name", "Fair", "limit", "away", "team", "{id:sales}"}, other: http.StatusUnprocessableEntity},
	"GET /manage/limits/{id}":                            {path: "/manage/limits/{limit}", other: elsewhere},
	"POST /manage/limits/{id}":                           {path: "/manage/limits/{limit}", form: []string{"name", "Fair", "limit", "blocked", "from", "2026-12-01"}, other: elsewhere},
	"POST /manage/limits/{id}/delete":                    {path: "/manage/limits/{limit}/delete", other: elsewhere},

	"GET /manage/types":                       {path: "/manage/types"},
	"GET /manage/types/new":                   {path: "/manage/types/new"},
	"POST /manage/types/new":                  {path: "/manage/types/new", form: []string{"name", "Study", "colour", "4", "unit", "days", "counting", "working"}},
	"GET /manage/types/{id}":                  {path: "/manage/types/holiday"},
	"POST /manage/types/{id}":                 {path: "/manage/types/special", form: []string{"name", "Other", "colour", "4", "unit", "days", "counting", "working"}},
	"GET /manage/packages":                    {path: "/manage/packages"},
	"GET /manage/packages/new":                {path: "/manage/packages/new"},
	"POST /manage/packages/new":               {path: "/manage/packages/new", form: []string{"name", "Interns"}},
	"GET /manage/packages/{id}":               {path: "/manage/packages/all"},
	"POST /manage/packages/{id}":              {path: "/manage/packages/all", form: []string{"name", "All"}},
	"GET /manage/packages/{id}/policies/new":  {path: "/manage/packages/all/policies/new?type=holiday"},
	"POST /manage/packages/{id}/policies/new": {path: "/manage/packages/all/policies/new", form: append([]string{"from", "2027-01-01"}, terms...)},
	"GET /manage/policies/example":            {path: "/manage/policies/example?type=holiday&amount=25&per=year&accrual=year&moment=start&proration=months&carry=none&joins=2026-01-01&pattern=full"},
	"GET /manage/policies/{policy}":           {path: "/manage/policies/p1"},
	"POST /manage/policies/{policy}":          {path: "/manage/policies/p1", form: terms},
	"POST /manage/policies/{policy}/delete":   {path: "/manage/policies/p2/delete"},
	"GET /manage/laws":                        {path: "/manage/laws"},
	"GET /manage/laws/{code}":                 {path: "/manage/laws/NL"},
	"POST /manage/laws/{code}":                {path: "/manage/laws/NL", form: []string{"name", "Dutch", "rule-holiday", "yes"}},
	"GET /manage/changes":                     {path: "/manage/changes?kind=policy"},
	"GET /manage/changes/{id}":                {path: "/manage/changes/{change}", other: elsewhere},
	"GET /manage/import":                      {path: "/manage/import"},
	"POST /manage/import":                     {path: "/manage/import", form: []string{"file", "none"}, other: http.StatusUnprocessableEntity},
	"GET /manage/import/{file}":               {path: "/manage/import/{upload}", other: elsewhere},
	"POST /manage/import/{file}":              {path: "/manage/import/{upload}", form: []string{"kind", "people"}, other: elsewhere},
	"POST /manage/import/{file}/accept":       {path: "/manage/import/{upload}/accept", form: []string{"digest", "0"}, other: elsewhere},
	"GET /manage/import-blank/{kind}":         {path: "/manage/import-blank/people"},
	"GET /manage/import/{file}/mend":          {path: "/manage/import/{upload}/mend", other: elsewhere},
	"GET /manage/settings":                    {path: "/manage/settings"},
	"POST /manage/settings":                   {path: "/manage/settings", form: []string{"name", "Globe", "accent", "#112233", "language", "nl"}},
	"GET /manage/settings/preview":            {path: "/manage/settings/preview?accent=%23112233"},
}

// terms are those of a policy, as its form sends them.
var terms = []string{"type", "holiday", "amount", "25", "per", "year", "full_time", "5", "accrual", "year", "moment", "start",
	"proration", "months", "rounding", "", "carry", "none"}

// policyBoxes are the boxes of the policy's form.
func policyBoxes() []box {
	return []box{
		{name: "type", value: "holiday", kind: pick}, {name: "amount", value: "25", kind: amount}, {name: "per", value: "year", kind: pick},
		{name: "full_time", value: "5", kind: amount, optional: true}, {name: "from", value: "2027-01-01", kind: day, optional: true},
		{name: "accrual", value: "year", kind: pick}, {name: "moment", value: "start", kind: pick},
		{name: "year_start_day", value: "1", kind: number}, {name: "year_start_month", value: "4", kind: pick, optional: true},
		{name: "proration", value: "months", kind: pick}, {name: "rounding", value: "up", kind: pick, optional: true},
		{name: "rounding_step", value: "0.5", kind: amount, optional: true}, {name: "carry", value: "max", kind: pick},
		{name: "carry_max", value: "5", kind: amount, optional: true}, {name: "carry_keep", value: "1", kind: amount, optional: true},
		{name: "carry_expires_day", value: "1", kind: number}, {name: "carry_expires_month", value: "7", kind: pick, optional: true},
		{name: "carry_valid_months", value: "6", kind: number, optional: true}, {name: "carry_told_days", value: "60", kind: number, optional: true},
		{name: "carry_read", value: "yes", kind: tick, optional: true}, {name: "carry_rest", value: "paid", kind: pick, optional: true},
		{name: "longer0_who", value: "sick", kind: pick}, {name: "longer0_term_months", value: "15", kind: number}, {name: "longer0_most", value: "20", kind: amount, optional: true}, {name: "carry_beside", value: "30", kind: amount, optional: true},
		{name: "debt", value: "2", kind: amount, optional: true}, {name: "cap", value: "60", kind: amount, optional: true},
		{name: "at_most", value: "40", kind: amount, optional: true}, {name: "weeks", value: "8", kind: amount, optional: true},
		{name: "pay_days", value: "", optional: true}, {name: "pay_first", value: "2026-01-05", kind: day, optional: true}, {name: "class", value: "extra", kind: pick, optional: true},
		{name: "level0_after", value: "24", kind: number}, {name: "level0_amount", value: "27", kind: amount},
		{name: "level0_now", value: "yes", kind: tick, optional: true}, {name: "level0_cap", value: "40", kind: amount, optional: true}, {name: "level0_carries", value: "10", kind: amount, optional: true},
		{name: "bonus0_amount", value: "1", kind: amount}, {name: "bonus0_by", value: "age", kind: pick}, {name: "bonus0_at", value: "50", kind: number},
		{name: "away0_amount", value: "2", kind: amount}, {name: "away0_who", value: "sick", kind: pick}, {name: "away0_weeks", value: "4", kind: number, optional: true},
		{name: "unspent0_amount", value: "1", kind: amount}, {name: "unspent0_least", value: "3", kind: amount}, {name: "unspent0_of", value: "20", kind: amount},
		{name: "unspent0_after_day", value: "31", kind: number}, {name: "unspent0_after_month", value: "10", kind: pick},
		{name: "buy", value: "5", kind: amount, optional: true}, {name: "block_weeks", value: "2", kind: number, optional: true},
		{name: "pot1_amount", value: "5", kind: amount}, {name: "pot1_per", value: "year", kind: pick}, {name: "pot1_carry", value: "all", kind: pick},
		{name: "pot1_level0_after", value: "60", kind: number}, {name: "pot1_level0_amount", value: "6", kind: amount}, {name: "not_on_leave", value: "yes", kind: tick, optional: true},
	}
}

var personBoxes = []box{
	{name: "given", value: "Nora", optional: true}, {name: "family", value: "Smit", optional: true},
	{name: "email", value: "nora@{host}", kind: mail, optional: true}, {name: "number", value: "N-1", optional: true}, {name: "born", value: "1980-04-01", kind: day, optional: true},
	{name: "language", value: "nl", kind: pick, optional: true},
}

var typeBoxes = []box{
	{name: "name", value: "Study leave"}, {name: "colour", value: "4", kind: pick}, {name: "unit", value: "days", kind: pick},
	{name: "counting", value: "working", kind: pick}, {name: "order", value: "7", kind: number, optional: true},
	{name: "whole_days", value: "yes", kind: tick, optional: true}, {name: "free_return", value: "yes", kind: tick, optional: true},
	{name: "ends_unpaid", value: "yes", kind: tick, optional: true}, {name: "answer_days", value: "14", kind: number, optional: true},
}

var locationBoxes = []box{{name: "name", value: "Delft"}, {name: "region", value: "DE-BY", kind: pick, optional: true}, {name: "time_zone", value: "Europe/Madrid"}}

var dayBoxes = []box{{name: "name", value: "Bridge day"}, {name: "date", value: "2026-05-15", kind: day}, {name: "off", value: "full", kind: pick},
	{name: "location", value: "utrecht", kind: pick, optional: true}, {name: "yearly", value: "on", kind: tick, optional: true},
	{name: "last", value: "2030-05-15", kind: day, optional: true}}

var setBoxes = []box{{name: "name", value: "Late start"}, {name: "locations", value: "utrecht", kind: pick, optional: true}}

var employmentBoxes = []box{{name: "from", value: "2019-01-01", kind: day}, {name: "to", value: "2019-12-31", kind: day}}

var contractBoxes = []box{{name: "from", value: "2024-01-01", kind: day}, {name: "pattern", value: "three", kind: pick}, {name: "package", value: "all", kind: pick},
	{name: "location", value: "berlin", kind: pick, optional: true}}

var adminSheets = map[string]sheet{
	"/manage/people/new": {who: "ana", path: "/manage/people/new", boxes: append([]box{
		{name: "from", value: "2026-04-01", kind: day}, {name: "pattern", value: "full", kind: pick}, {name: "package", value: "all", kind: pick},
		{name: "location", value: "berlin", kind: pick}, {name: "team", value: "acme-sales", kind: pick, optional: true}, {name: "invite", value: "yes", kind: tick, optional: true},
	}, personBoxes...), also: []slip{
		{"nameless", map[string]string{"given": "", "family": ""}}, {"mail_taken", map[string]string{"email": "carla@acme.example.test"}},
		{"number_taken", map[string]string{"number": "C"}},
	}},
	"/manage/people/{id}/edit": {who: "ana", path: "/manage/people/{carla}/edit", boxes: append([]box{{name: "active", value: "yes", kind: tick, optional: true}}, personBoxes...),
		also: []slip{{"nameless", map[string]string{"given": "", "family": ""}}, {"mail_taken", map[string]string{"email": "dirk@acme.example.test"}}}},
	"/manage/people/invite":       {who: "ana", path: "/manage/people/invite", boxes: []box{{name: "team", value: "acme-workshop", kind: pick, optional: true}, {name: "who", value: "here", kind: pick, optional: true}, {name: "find", value: "Lars", kind: pick, optional: true}}},
	"/manage/people/{id}/sign-in": {who: "ana", path: "/manage/people/{carla}/sign-in"},
	"/manage/people/{id}/employments/new": {who: "ana", path: "/manage/people/{carla}/employments/new", boxes: employmentBoxes,
		also: []slip{{"overlap", map[string]string{"to": "2021-06-01"}}, {"backwards", map[string]string{"to": "2018-12-31"}}}},
	"/manage/people/{id}/employments/{line}": {who: "ana", path: "/manage/people/{carla}/employments/e{carla}", boxes: []box{
		{name: "from", value: "2020-01-01", kind: day}, {name: "to", value: "2026-12-31", kind: day, optional: true}},
		also: []slip{{"backwards", map[string]string{"to": "2018-12-31"}}}},
	"/manage/people/{id}/employments/{line}/delete": {who: "ana", path: "/manage/people/acme-noor/employments/second/delete"},
	"/manage/people/{id}/contracts/new":             {who: "ana", path: "/manage/people/{carla}/contracts/new", boxes: contractBoxes, also: []slip{{"outside", map[string]string{"from": "1999-01-01"}}, {"twice", map[string]string{"from": "2021-01-01"}}}},
	"/manage/people/{id}/contracts/{line}":          {who: "ana", path: "/manage/people/{carla}/contracts/c{carla}", boxes: contractBoxes, also: []slip{{"outside", map[string]string{"from": "1999-01-01"}}}},
	"/manage/people/{id}/contracts/{line}/delete":   {who: "ana", path: "/manage/people/acme-noor/contracts/later/delete"},

	"/manage/roles/new":         {who: "ana", path: "/manage/roles/new", boxes: []box{{name: "name", value: "Lookers"}, {name: "about", value: "Of the books", optional: true}, {name: "over", value: "everybody", kind: pick}, {name: "rights", value: "see-leave", kind: pick}}, also: []slip{{"taken", map[string]string{"name": "readers"}}}},
	"/manage/roles/{id}":        {who: "ana", path: "/manage/roles/acme-sales", boxes: []box{{name: "name", value: "Readers"}, {name: "over", value: "everybody", kind: pick}, {name: "rights", value: "see-leave", kind: pick}}},
	"/manage/roles/{id}/delete": {who: "ana", path: "/manage/roles/acme-sales/delete"},
	"/manage/teams/new":         {who: "ana", path: "/manage/teams/new", boxes: []box{{name: "name", value: "Board"}, {name: "members", value: "{carla}", kind: pick, optional: true}, {name: "managers", value: "{carla}", kind: pick, optional: true}}, also: []slip{{"taken", map[string]string{"name": "sales"}}}},
	"/manage/teams/{id}":        {who: "ana", path: "/manage/teams/acme-sales", boxes: []box{{name: "name", value: "Board"}, {name: "members", value: "{carla}", kind: pick, optional: true}}},
	"/stand-ins": {who: "bram", path: "/stand-ins", boxes: []box{{name: "stand_in", value: "{carla}", kind: pick},
		{name: "from", value: "2026-04-01", kind: day}, {name: "to", value: "2026-05-01", kind: day, optional: true}},
		also: []slip{{"oneself", map[string]string{"stand_in": "acme-bram"}}, {"backwards", map[string]string{"to": "2026-03-01"}}}},
	"/stand-ins/{id}/end":          {who: "bram", path: "/stand-ins/{stand_in}/end"},
	"/manage/approval/new":         {who: "ana", path: "/manage/approval/new", boxes: ruleBoxes},
	"/manage/approval/{id}":        {who: "ana", path: "/manage/approval/{rule}", boxes: ruleBoxes},
	"/manage/approval/{id}/delete": {who: "ana", path: "/manage/approval/{rule}/delete"},
	"/manage/limits/new":           {who: "ana", path: "/manage/limits/new", boxes: limitBoxes, also: []slip{{"backwards", map[string]string{"to": "2026-11-01"}}}},
	"/manage/limits/{id}":          {who: "ana", path: "/manage/limits/{limit}", boxes: limitBoxes},
	"/manage/limits/{id}/delete":   {who: "ana", path: "/manage/limits/{limit}/delete"},

	"/manage/teams/{id}/delete": {who: "ana", path: "/manage/teams/acme-sales/delete"},

	"/manage/locations/new":             {who: "ana", path: "/manage/locations/new", boxes: locationBoxes, also: []slip{{"taken", map[string]string{"name": "UTRECHT"}}, {"no_zone", map[string]string{"time_zone": "Mars/Olympus"}}}},
	"/manage/locations/{id}":            {who: "ana", path: "/manage/locations/utrecht", boxes: locationBoxes},
	"/manage/holidays/copy":             {who: "ana", path: "/manage/holidays/copy", boxes: []box{{name: "where", value: "", kind: pick, optional: true}, {name: "year", value: "2026", kind: pick, optional: true}}},
	"/manage/holidays/sets/new":         {who: "ana", path: "/manage/holidays/sets/new", boxes: setBoxes, also: []slip{{"taken", map[string]string{"name": "EARLY home"}}}},
	"/manage/holidays/sets/{id}":        {who: "ana", path: "/manage/holidays/sets/early", boxes: setBoxes},
	"/manage/holidays/sets/{id}/delete": {who: "ana", path: "/manage/holidays/sets/spare/delete"},
	"/manage/days/new":                  {who: "ana", path: "/manage/days/new", boxes: dayBoxes, also: []slip{{"taken", map[string]string{"date": "2026-12-24", "location": ""}}}},
	"/manage/days/{id}":                 {who: "ana", path: "/manage/days/eve", boxes: dayBoxes},
	"/manage/days/{id}/delete":          {who: "ana", path: "/manage/days/eve/delete"},
	"/manage/patterns/new": {who: "ana", path: "/manage/patterns/new", boxes: []box{{name: "name", value: "Two days"}, {name: "pattern", value: "mon tue 7:36"}},
		also: []slip{{"unreadable", map[string]string{"pattern": "whenever"}}, {"taken", map[string]string{"name": "full time"}}, {"idle", map[string]string{"pattern": "off"}}}},
	"/manage/patterns/{id}": {who: "ana", path: "/manage/patterns/full", boxes: []box{{name: "name", value: "Whole week"}, {name: "pattern", value: "mon-fri 08:30-12:30 13:00-17:00"}}},

	"/manage/types/new":                  {who: "ana", path: "/manage/types/new", boxes: typeBoxes, also: []slip{{"taken", map[string]string{"name": "holiday"}}}},
	"/manage/types/{id}":                 {who: "ana", path: "/manage/types/special", boxes: typeBoxes, also: []slip{{"used", map[string]string{"unit": "hours"}}}},
	"/manage/packages/new":               {who: "ana", path: "/manage/packages/new", boxes: []box{{name: "name", value: "Interns"}}, also: []slip{{"taken", map[string]string{"name": "everybody"}}}},
	"/manage/packages/{id}":              {who: "ana", path: "/manage/packages/all", boxes: []box{{name: "name", value: "All"}}},
	"/manage/packages/{id}/policies/new": {who: "ana", path: "/manage/packages/all/policies/new", boxes: policyBoxes(), also: []slip{{"keeps_more", map[string]string{"carry_keep": "6"}}, {"taken", map[string]string{"from": "2015-01-01"}}}},
	"/manage/policies/{policy}":          {who: "ana", path: "/manage/policies/p1", boxes: policyBoxes()[1:]},
	"/manage/policies/{policy}/delete":   {who: "ana", path: "/manage/policies/p1/delete"},
	"/manage/laws/{code}": {who: "ana", path: "/manage/laws/NL", boxes: []box{{name: "name", value: "Dutch"}, {name: "package", value: "", kind: pick, optional: true},
		{name: "rule-holiday", value: "yes", kind: tick}, {name: "type-holiday", value: "holiday", kind: pick, optional: true},
		{name: "from", value: "2027-01-01", kind: day, optional: true}, {name: "extra", value: "5", kind: amount, optional: true}},
		also: []slip{{"taken", map[string]string{"name": "EVERYBODY"}}, {"there_already", map[string]string{"package": "all", "from": "2015-01-01"}},
			{"other_kind", map[string]string{"type-holiday": "overtime"}}}},

	"/manage/import":               {who: "ana", path: "/manage/import", parts: true, boxes: []box{{name: "file", value: handedIn, kind: file}}},
	"/manage/import/{file}":        {who: "ana", path: "/manage/import/{upload}", boxes: []box{{name: "kind", value: "people", kind: pick, optional: true}, {name: "pattern", value: "three", kind: pick, optional: true}, {name: "package", value: "all", kind: pick, optional: true}, {name: "location", value: "berlin", kind: pick, optional: true}, {name: "start", value: "2026-04-01", kind: day, optional: true}, {name: "changes_from", value: "2026-04-01", kind: day, optional: true}}},
	"/manage/import/{file}/accept": {who: "ana", path: "/manage/import/{upload}/accept", boxes: []box{{name: "digest", value: "{digest}", kind: pick}}},
	"/manage/settings": {who: "ana", path: "/manage/settings", boxes: []box{{name: "name", value: "Acme Cycles"}, {name: "accent", value: "#112233", kind: pick, optional: true}, {name: "language", value: "nl", kind: pick, optional: true}},
		also: []slip{{"no_colour", map[string]string{"accent": "red"}}}},
}

// handedIn is a file that can be imported.
const handedIn = "email;lastname;name;department\nnora@example.test;Smit;Nora;Sales\n"

var digestField = regexp.MustCompile(`name="digest" value="([^"]*)"`)

// importing hands in a file as ana and returns the id and the digest of its plan.
func (w *world) importing(c *customer) (upload, digest string) {
	w.Helper()
	b, s := w.at(c, "ana"), sheets["/manage/import"]
	a := b.do(s.request(page.ImportPath, url.Values{"file": {handedIn}}))
	to := a.Header().Get("Location")
	if a.Code != http.StatusSeeOther || len(to) <= len(page.ImportPath) {
		w.Fatalf("hand in a file: %d %s", a.Code, a.Body)
	}
	found := digestField.FindStringSubmatch(bodyOf(b.get(to)))
	if found == nil {
		w.Fatal("the plan has no digest")
	}
	return to[len(page.ImportPath)+1:], found[1]
}

func bodyOf(a *httptest.ResponseRecorder) string { return a.Body.String() }

// The boxes of who decides, and of when leave is too much.
var (
	ruleBoxes = []box{{name: "name", value: "Long leave"}, {name: "types", value: "holiday", kind: pick, optional: true},
		{name: "team", value: "acme-sales", kind: pick, optional: true}, {name: "person", value: "{carla}", kind: pick, optional: true},
		{name: "over", value: "10", kind: number, optional: true}, {name: "step1", value: "manager", kind: pick},
		{name: "step2", value: "person", kind: pick, optional: true}, {name: "step2-person", value: "{carla}", kind: pick},
		{name: "step1-within", value: "3", kind: number, optional: true}}
	limitBoxes = []box{{name: "name", value: "The fair"}, {name: "limit", value: "away", kind: pick}, {name: "staff", value: "2", kind: number, optional: true},
		{name: "types", value: "holiday", kind: pick, optional: true}, {name: "team", value: "acme-sales", kind: pick, optional: true},
		{name: "location", value: "utrecht", kind: pick, optional: true}, {name: "from", value: "2026-12-01", kind: day, optional: true},
		{name: "to", value: "2026-12-05", kind: day, optional: true}, {name: "warn", value: "yes", kind: tick, optional: true}}
)
