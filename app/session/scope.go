package session

import (
	"cmp"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"tracefall/sources/live"
	"tracefall/views"
)

// Scope is what backends are asked for beside the query.
type Scope struct {
	Since    time.Duration // the window's length where it has no beginning, 0 for the backend's
	From, To time.Time     // of the window; zero: To is now, and From as long before as Since says
	Limit    int           // traces that match, 0 for the backend's
	All      bool          // no limit
	Light    bool          // rows of traces instead of traces, where the backend has them
	Exact    bool          // terms that a server may answer too narrowly are not asked
}

// What is asked for where neither flags nor configuration say.
const (
	usualSince = time.Hour
	usualLimit = 100
)

// newScope reads the flags of a scope. Times without a date are the latest of that clock.
func newScope(clock views.ClockMode, flags BackendFlags) (Scope, error) {
	s := Scope{Limit: flags.Limit, All: flags.All, Exact: flags.Exact, Light: flags.Light}
	var err error
	switch {
	case flags.Limit < 0:
		return s, fmt.Errorf("--limit %d: expected a number of traces", flags.Limit)
	case flags.Limit > 0 && flags.All:
		return s, errors.New("--all cannot be combined with --limit")
	case flags.Since != "" && flags.From != "":
		return s, errors.New("--since cannot be combined with --from: --to ends the window")
	case flags.Since != "":
		if s.Since, err = ParseSince(flags.Since); err != nil {
			return s, fmt.Errorf("--since %w", err)
		}
	}
	now := time.Now()
	for _, one := range []struct {
		flag, text string
		at         *time.Time
	}{{"--from", flags.From, &s.From}, {"--to", flags.To, &s.To}} {
		if one.text == "" {
			continue
		}
		if *one.at, err = latest(clock, now, one.text); err != nil {
			return s, fmt.Errorf("%s %w", one.flag, err)
		}
	}
	if !s.From.IsZero() && !s.To.IsZero() && !s.From.Before(s.To) {
		return s, fmt.Errorf("--from %s is not before --to %s", flags.From, flags.To)
	}
	return s, nil
}

// flags are the flags that a scope comes of, for a message; "" for none.
func (s Scope) flags() string {
	var given []string
	for _, one := range []struct {
		flag string
		is   bool
	}{
		{"--since", s.Since != 0}, {"--from", !s.From.IsZero()}, {"--to", !s.To.IsZero()}, {"--limit", s.Limit != 0},
		{"--all", s.All}, {"--light", s.Light}, {"--exact", s.Exact},
	} {
		if one.is {
			given = append(given, one.flag)
		}
	}
	return strings.Join(given, ", ")
}

// window is the time window of a request made now.
func (s Scope) window(since time.Duration, now time.Time) live.Window {
	w := live.Window{From: s.From, To: orNow(s.To, now)}
	if w.From.IsZero() {
		if s.Since > 0 {
			since = s.Since
		}
		if since <= 0 {
			since = usualSince
		}
		w.From = w.To.Add(-since)
	}
	return w
}

// Window is the time window of a request made now, where a backend has no setting of its own.
func (s Scope) Window(now time.Time) live.Window { return s.window(0, now) }

// limit is how many traces are asked for, 0 for all.
func (s Scope) limit(usual int) int {
	switch {
	case s.All:
		return 0
	case s.Limit > 0:
		return s.Limit
	case usual > 0:
		return usual
	}
	return usualLimit
}

// ParseSince reads how long ago a window begins, such as 15m, 1h, 1d12h.
func ParseSince(text string) (time.Duration, error) {
	days, rest, ok := strings.Cut(text, "d")
	if !ok {
		days, rest = "0", text
	}
	n, err := strconv.Atoi(days)
	var d time.Duration
	if err == nil && (rest != "" || !ok) {
		d, err = time.ParseDuration(rest)
	}
	if d += time.Duration(n) * 24 * time.Hour; err != nil || d <= 0 || n < 0 || n > 36500 {
		return 0, fmt.Errorf("%q: expected a duration such as 15m, 1h or 7d", text)
	}
	return d, nil
}

// Within returns the scope with another window: a duration to now, such as 15m, a time to now, or from–to, each as --from
// takes it.
func (s Scope) Within(clock views.ClockMode, text string) (Scope, error) {
	if since, err := ParseSince(text); err == nil {
		s.Since, s.From, s.To = since, time.Time{}, time.Time{}
		return s, nil
	}
	from, to := windowEnds(clock, text)
	now := time.Now()
	var err error
	s.Since, s.To = 0, time.Time{}
	if s.From, err = latest(clock, now, from); err == nil && to != "" {
		s.To, err = latest(clock, now, to)
	}
	switch {
	case err != nil:
		return s, errors.New("expected 15m, 14:02–14:31 or 2026-11-28 14:02–15:02")
	case !s.From.Before(orNow(s.To, now)):
		return s, fmt.Errorf("%s is not before %s", from, cmp.Or(to, "now"))
	}
	return s, nil
}

// windowEnds divides a text into the times of a window. The second may lack its date, which is that of the first then.
func windowEnds(clock views.ClockMode, text string) (from, to string) {
	now := time.Now()
	if _, _, ok := ParseTime(clock, now, text); ok {
		return text, ""
	}
	for _, between := range []string{"–", "..", " to ", " - ", "-"} {
		at := strings.LastIndex(text, between)
		if at < 0 || !strings.Contains(text[:at], ":") {
			continue
		}
		from, to = strings.TrimSpace(text[:at]), strings.TrimSpace(text[at+len(between):])
		day, _, dated := strings.Cut(from, " ")
		if _, own, ok := ParseTime(clock, now, to); dated && ok && !own {
			to = day + " " + to
		}
		return from, to
	}
	return text, ""
}

// latest reads a time of a clock: with its date, or the latest such time before now.
func latest(clock views.ClockMode, now time.Time, text string) (time.Time, error) {
	t, dated, ok := ParseTime(clock, now, text)
	switch {
	case !ok:
		return t, fmt.Errorf("%q: expected a time such as 2026-11-28T14:02:00Z or 14:02", text)
	case !dated && t.After(now):
		t = t.AddDate(0, 0, -1)
	}
	return t, nil
}

// ParseTime reads a time as a clock shows it: with its date, or of a day. Both are of the clock's zone, UTC for relative
// ones.
func ParseTime(clock views.ClockMode, day time.Time, text string) (t time.Time, dated, ok bool) {
	zone := windowLocation(clock)
	day = day.In(zone)
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02 15:04:05", "2006-01-02T15:04:05", "2006-01-02 15:04", "2006-01-02T15:04", time.DateOnly, "15:04:05", "15:04"} {
		t, err := time.ParseInLocation(layout, text, zone)
		if err != nil {
			continue
		}
		if dated = t.Year() != 0; !dated {
			t = time.Date(day.Year(), day.Month(), day.Day(), t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), zone)
		}
		return t, dated, true
	}
	return t, false, false
}

// WindowTime writes a time of a window: with its zone, and with its date where it is not today's. Relative clocks show UTC.
func WindowTime(clock views.ClockMode, t time.Time) string {
	return windowTime(clock, t, time.Now()) + " " + windowZone(clock, t)
}

// WindowShort is WindowTime without the zone.
func WindowShort(clock views.ClockMode, t time.Time) string { return windowTime(clock, t, time.Now()) }

// WindowText writes a window as a clock shows it: "14:02–15:02 UTC", with the date where it is not today's.
func WindowText(clock views.ClockMode, w live.Window) string {
	now := time.Now()
	if w.To.Sub(w.From) >= coarseFrom {
		w.From, w.To = w.From.Truncate(time.Minute), w.To.Truncate(time.Minute)
	}
	from, to := windowTime(clock, w.From, now), windowTime(clock, w.To, now)
	day, _, dated := strings.Cut(from, " ")
	switch end := w.To.In(windowLocation(clock)); {
	case !dated:
	case end.Format(time.DateOnly) == day:
		to = strings.TrimPrefix(to, day+" ")
	default:
		to = end.Format("2006-01-02 15:04")
	}
	return from + "–" + to + " " + windowZone(clock, w.To)
}

// coarseFrom is how long a window is whose seconds say nothing.
const coarseFrom = 10 * time.Minute

func windowTime(clock views.ClockMode, t, now time.Time) string {
	zone := windowLocation(clock)
	t, now = t.In(zone), now.In(zone)
	layout := "15:04"
	if t.Second() != 0 {
		layout = "15:04:05"
	}
	if t.YearDay() != now.YearDay() || t.Year() != now.Year() {
		layout = "2006-01-02 " + layout
	}
	return t.Format(layout)
}

func windowZone(clock views.ClockMode, t time.Time) string {
	name, _ := t.In(windowLocation(clock)).Zone()
	return name
}

// windowLocation is the zone of a clock, UTC for relative ones.
func windowLocation(clock views.ClockMode) *time.Location {
	if clock == views.ClockLocal {
		return LocalZone()
	}
	return time.UTC
}

// orNow is a time, now where there is none.
func orNow(t, now time.Time) time.Time {
	if t.IsZero() {
		return now
	}
	return t
}
