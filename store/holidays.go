// SPDX-License-Identifier: Apache-2.0

package store

import (
	"verlof/calendar"
	"verlof/people"
)

var (
	qLocations    = query("location.list", "SELECT id, name, region, time_zone FROM location ORDER BY name")
	qLocationSets = query("location.sets", "SELECT location, holiday_set FROM location_set ORDER BY location, holiday_set")
	qClearSets    = query("location.clear_sets", "DELETE FROM location_set WHERE location = $1")
	qAddSet       = query("location.add_set", "INSERT INTO location_set (location, holiday_set) VALUES ($1, $2)")
	qSaveLocation = query("location.save", `INSERT INTO location (id, name, region, time_zone) VALUES ($1, $2, $3, $4)
		ON CONFLICT (id) DO UPDATE SET name = excluded.name, region = excluded.region, time_zone = excluded.time_zone`)

	qHolidaySets    = query("holiday_set.list", "SELECT id, name FROM holiday_set ORDER BY name")
	qSaveHolidaySet = query("holiday_set.save", `INSERT INTO holiday_set (id, name) VALUES ($1, $2)
		ON CONFLICT (id) DO UPDATE SET name = excluded.name`)
	qDeleteHolidaySet = query("holiday_set.delete", "DELETE FROM holiday_set WHERE id = $1")
	qDeleteDaysOfSet  = query("holiday_set.delete_days", "DELETE FROM own_day WHERE holiday_set = $1")

	qOwnDays      = query("own_day.list", "SELECT id, location, holiday_set, date, last_date, yearly, feast, name, off FROM own_day ORDER BY date, id")
	qDeleteOwnDay = query("own_day.delete", "DELETE FROM own_day WHERE id = $1")
	qSaveOwnDay   = query("own_day.save", `INSERT INTO own_day (id, location, holiday_set, date, last_date, yearly, feast, name, off)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
		ON CONFLICT (id) DO UPDATE SET location = excluded.location, holiday_set = excluded.holiday_set, date = excluded.date,
			last_date = excluded.last_date, yearly = excluded.yearly, feast = excluded.feast, name = excluded.name, off = excluded.off`)
)

// Locations returns the places of work with the holiday sets that they keep, by
// name.
func (tx *Tx) Locations() ([]people.Location, error) {
	list, err := all(tx, qLocations, func(l *people.Location) []any { return []any{&l.ID, &l.Name, &l.Region, &l.TimeZone} })
	if err != nil {
		return nil, err
	}
	at := make(map[string]*people.Location, len(list))
	for i := range list {
		at[list[i].ID] = &list[i]
	}
	err = within(tx, qLocationSets, at, func(l *people.Location, set string) { l.Sets = append(l.Sets, set) })
	return list, err
}

// SaveLocation adds or replaces a place of work, with the holiday sets that it
// keeps.
func (tx *Tx) SaveLocation(l people.Location) error {
	if err := tx.change(qSaveLocation, l.ID, l.Name, l.Region, l.TimeZone); err != nil {
		return err
	}
	if _, err := tx.exec(qClearSets, l.ID); err != nil {
		return err
	}
	for _, set := range l.Sets {
		if _, err := tx.exec(qAddSet, l.ID, set); err != nil {
			return err
		}
	}
	return nil
}

// HolidaySets returns the holiday sets, by name.
func (tx *Tx) HolidaySets() ([]people.HolidaySet, error) {
	return all(tx, qHolidaySets, func(s *people.HolidaySet) []any { return []any{&s.ID, &s.Name} })
}

// SaveHolidaySet adds or replaces a holiday set.
func (tx *Tx) SaveHolidaySet(s people.HolidaySet) error {
	return tx.change(qSaveHolidaySet, s.ID, s.Name)
}

// DeleteHolidaySet removes a holiday set with its days.
func (tx *Tx) DeleteHolidaySet(id string) error {
	if err := tx.change(qDeleteDaysOfSet, id); err != nil {
		return err
	}
	return tx.change(qDeleteHolidaySet, id)
}

// OwnDays returns the days that the customer added or changed, by date.
func (tx *Tx) OwnDays() ([]people.OwnDay, error) {
	type row struct {
		people.OwnDay
		yearly int64
		off    string
	}
	var out []people.OwnDay
	to := func(d *row) []any {
		return []any{&d.ID, optional(&d.Location), optional(&d.Set), text(&d.Date), text(&d.Last), &d.yearly, &d.Feast, &d.Name, &d.off}
	}
	err := each(tx, qOwnDays, to, func(d *row) (err error) {
		d.Yearly = d.yearly != 0
		d.Off, err = calendar.ParseHalf(d.off)
		out = append(out, d.OwnDay)
		return err
	})
	return out, err
}

// SaveOwnDay adds or replaces a day.
func (tx *Tx) SaveOwnDay(d people.OwnDay) error {
	return tx.change(qSaveOwnDay, d.ID, orNull(d.Location), orNull(d.Set), d.Date, d.Last, number(d.Yearly), d.Feast, d.Name, d.Off.String())
}

// DeleteOwnDay removes a day.
func (tx *Tx) DeleteOwnDay(id string) error { return tx.change(qDeleteOwnDay, id) }
