package views

import (
	"time"

	"tracefall/views/draw"
)

// at returns a time (ns since the epoch) in the clock's zone.
func (c Clock) at(ns int64) time.Time {
	t := time.Unix(0, ns)
	if c.Mode == ClockLocal && c.Zone != nil {
		return t.In(c.Zone)
	}
	return t.UTC()
}

// write writes a time (ns since the epoch; 0 is not known), or relative "+3.20 s".
func (c Clock) write(ns int64, layout string) string {
	switch {
	case ns == 0:
		return Unknown
	case c.Mode == ClockRelative:
		return c.relative(ns)
	}
	return c.at(ns).Format(layout)
}

// Time writes a time (ns since the epoch; 0 is not known) to the millisecond: "14:03:22.101", or relative "+3.20 s". It takes 12
// cells at most.
func (c Clock) Time(ns int64) string { return c.write(ns, "15:04:05.000") }

// DateTime writes a time with its date: "2026-11-20 14:03:22.101", or relative as Time does.
func (c Clock) DateTime(ns int64) string { return c.write(ns, "2006-01-02 15:04:05.000") }

// Dates says what of their dates tells times of one table or axis apart.
type Dates uint8

// What of a date is written.
const (
	NoDates Dates = iota // all lie in one day
	Days                 // month and day
	Years                // the year too, and the time of day no finer than there is room
)

// Dates returns what tells times between two (ns since the epoch) apart. Relative times have no dates.
func (c Clock) Dates(from, to int64) Dates {
	a, b := c.at(from), c.at(to)
	switch {
	case c.Mode == ClockRelative || sameDay(a, b):
		return NoDates
	case a.Year() == b.Year():
		return Days
	}
	return Years
}

// DatedTime writes a time as Time does, with its day in 18 cells, "11-20 14:03:22.101", with its year in 16, "2025-11-20 14:03".
func (c Clock) DatedTime(ns int64, dates Dates) string {
	return c.write(ns, [...]string{NoDates: "15:04:05.000", Days: "01-02 15:04:05.000", Years: "2006-01-02 15:04"}[dates])
}

// DatedWidth is how many cells DatedTime takes at most.
func DatedWidth(dates Dates) int {
	if dates == NoDates {
		return len("15:04:05.000")
	}
	return len("01-02 15:04:05.000")
}

// Brief writes a time in 9 cells at most, "14:03:22" or relative as Time does; with its day in 11, "11-20 14:03", with its year
// in 10, "2025-11-20".
func (c Clock) Brief(ns int64, dates Dates) string {
	return c.write(ns, [...]string{NoDates: "15:04:05", Days: "01-02 15:04", Years: "2006-01-02"}[dates])
}

// ZoneName names the zone that Time is written in, "" for relative and for unknown times.
func (c Clock) ZoneName(ns int64) string {
	if c.Mode == ClockRelative || ns == 0 {
		return ""
	}
	name, _ := c.at(ns).Zone()
	return name
}

// Range writes from when to when (ns since the epoch), with the zone: "14:02:11–14:17:09 UTC". Dates are there
// where the two days differ.
func (c Clock) Range(from, to int64) string {
	if to == 0 {
		return "times " + Unknown
	}
	if c.Mode == ClockRelative {
		return c.relative(from) + " – " + c.relative(to)
	}
	a, b := c.at(from), c.at(to)
	if sameDay(a, b) {
		return a.Format("15:04:05") + "–" + b.Format("15:04:05 MST")
	}
	return a.Format("2006-01-02 15:04:05") + " – " + b.Format("2006-01-02 15:04:05 MST")
}

// sameDay reports whether two times have the same date in their zones.
func sameDay(a, b time.Time) bool {
	y, m, d := a.Date()
	y2, m2, d2 := b.Date()
	return y == y2 && m == m2 && d == d2
}

func (c Clock) relative(ns int64) string {
	d := ns - c.Zero
	if (d < 0) != (ns < c.Zero) {
		d = 0 // the distance is beyond what 64 bits hold: there is no such clock
	}
	if d < 0 {
		return draw.DurationFixed(d)
	}
	if d == 0 {
		return draw.Offset(0)
	}
	return "+" + draw.DurationFixed(d)
}
