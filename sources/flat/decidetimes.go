package flat

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// chooseTimes decides start, end and duration of a mapping, and the units.
func (t *table) chooseTimes(m *Mapping, prefix Path, d *dialect) {
	for _, f := range []Field{Start, End} {
		for _, c := range t.candidates(f, prefix, d) {
			unit, zoned, ok := c.epoch()
			if !ok || m.uses(c.path) {
				continue
			}
			m.Sources[f] = append(m.Sources[f], Source{Path: c.path, Unit: unit})
			m.UTC = m.UTC || !zoned
			if len(c.rows) == len(t.list.Records) {
				break
			}
		}
	}
	for _, c := range t.candidates(Duration, prefix, d) {
		if m.uses(c.path) || !c.durations() {
			continue
		}
		s := Source{Path: c.path, Unit: c.unit}
		if d != nil && s.Unit == 0 && d.keepsUnits(m, prefix) {
			name, _ := c.path.under(prefix)
			s.Unit = d.units[name]
		}
		if s.Unit == 0 {
			s.Unit, s.Why = t.durationUnit(m, c.column)
		}
		m.Sources[Duration] = append(m.Sources[Duration], s)
		if len(c.rows) == len(t.list.Records) {
			break
		}
	}
}

// keepsUnits reports whether the start is in the unit that the dialect has it in. One product may have two.
func (d *dialect) keepsUnits(m *Mapping, prefix Path) bool {
	for _, s := range m.Sources[Start] {
		name, _ := s.Path.under(prefix)
		if u := d.units[name]; u != 0 && s.Unit != 0 && s.Unit != u {
			return false
		}
	}
	return true
}

// epoch reports whether a column holds times since the epoch, in which unit the numbers are, and whether all texts
// name their zone. Times of 0 are times that are not known.
func (c *column) epoch() (unit Unit, zoned, ok bool) {
	said, passed := 0, 0
	counts := map[Unit]int{}
	zoned = true
	for _, v := range c.cells {
		if v.empty() || v.Text == "0" || strings.HasPrefix(v.Text, "0001-01-01") {
			continue
		}
		said++
		if u, z, ok := v.epoch(); ok {
			passed++
			counts[u]++
			zoned = zoned && z
		}
	}
	for _, u := range units {
		if counts[u] > counts[unit] || unit == 0 && counts[u] > 0 {
			unit = u
		}
	}
	passed -= max(0, counts[Nanoseconds]+counts[Microseconds]+counts[Milliseconds]+counts[Seconds]-counts[unit])
	return unit, zoned, said > 0 && 10*passed >= 9*said
}

// epoch reports whether a value can be a time; the unit is 0 for one that is no number.
func (c Cell) epoch() (unit Unit, zoned, ok bool) {
	switch c.Kind {
	case '[', moment:
		ns, ok := ParseMoment(c.Text)
		return 0, true, ok && Plausible(ns)
	case '"', 0:
		if n, err := strconv.ParseFloat(c.Text, 64); err == nil {
			unit = epochUnit(n)
			return unit, true, unit != 0
		}
		ns, zoned, ok := ParseTime(c.Text)
		return 0, zoned, ok && Plausible(ns)
	}
	return 0, false, false
}

// durations reports whether a column holds durations.
func (c *column) durations() bool {
	return c.most(func(v Cell) bool {
		if n, err := strconv.ParseFloat(v.Text, 64); err == nil && (v.Kind == '"' || v.Kind == 0) {
			return n >= 0
		}
		_, ok := ParseDuration(v.Text)
		return ok && v.Kind == '"'
	})
}

// timing is what of a record is needed to tell the unit of durations from those of other records.
type timing struct {
	trace, span, parent string
	start, end          int64
	duration            float64
}

// durationUnit tells in which unit durations are, and from what: the ends of the spans, the starts of their children
// within them, the unit of the starts, and at last what is usual.
func (t *table) durationUnit(m *Mapping, c *column) (Unit, string) {
	numbers := 0
	for _, v := range c.cells {
		if _, err := strconv.ParseFloat(v.Text, 64); err == nil {
			numbers++
		}
	}
	if numbers == 0 {
		return 0, "" // each says its unit
	}
	spans := t.timings(m, c)
	if u := unitOfEnds(spans); u != 0 {
		return u, "from start and end"
	}
	if u := unitOfChildren(spans); u != 0 {
		return u, "from the start times of child spans"
	}
	if list := m.Sources[Start]; len(list) > 0 && list[0].Unit != 0 && list[0].Unit != Seconds {
		return list[0].Unit, "as the start"
	}
	return usualUnit(spans)
}

// timings reads the times of all records.
func (t *table) timings(m *Mapping, c *column) []timing {
	spans := make([]timing, len(t.list.Records))
	fill := func(f Field, set func(*timing, Cell, Unit)) {
		for _, s := range slices.Backward(m.Sources[f]) {
			for _, col := range t.columns {
				if col.path != s.Path {
					continue
				}
				for i, row := range col.rows {
					set(&spans[row], col.cells[i], s.Unit)
				}
			}
		}
	}
	fill(Trace, func(s *timing, v Cell, _ Unit) { s.trace = v.Text })
	fill(Span, func(s *timing, v Cell, _ Unit) { s.span = v.Text })
	fill(Parent, func(s *timing, v Cell, _ Unit) {
		if !v.empty() {
			s.parent = v.Text
		}
	})
	fill(Start, func(s *timing, v Cell, u Unit) { s.start = v.nanos(u) })
	fill(End, func(s *timing, v Cell, u Unit) { s.end = v.nanos(u) })
	for i, row := range c.rows {
		if n, err := strconv.ParseFloat(c.cells[i].Text, 64); err == nil {
			spans[row].duration = n
		}
	}
	return spans
}

// nanos reads a time, 0 where it is none.
func (c Cell) nanos(u Unit) int64 {
	if c.Kind == '[' || c.Kind == moment {
		ns, _ := ParseMoment(c.Text)
		return ns
	}
	if ns, _, ok := ParseTime(c.Text); ok {
		return ns
	}
	ns, _ := Scale([]byte(c.Text), max(u, 1))
	return ns
}

// unitOfEnds tells the unit from spans that have both an end and a duration; 0 where none fits nearly all of them.
func unitOfEnds(spans []timing) Unit {
	for _, u := range units {
		seen, fit := 0, 0
		for _, s := range spans {
			if s.start == 0 || s.end <= s.start || s.duration <= 0 {
				continue
			}
			seen++
			if ratio := float64(s.end-s.start) / (s.duration * float64(u)); ratio > 0.3 && ratio < 3 {
				fit++
			}
		}
		if seen > 0 && 10*fit >= 9*seen {
			return u
		}
	}
	return 0
}

// unitOfChildren tells the unit from spans that have children: in the right one, children start within their parents,
// and they do not all start in the first thousandth. It returns 0 where that does not hold or nothing can be seen.
//
//	parent   |==========================|     duration × unit
//	child          |=======|
//	         |<--->|  offset: between 0 and the parent's duration
func unitOfChildren(spans []timing) Unit {
	at := map[[2]string]int{}
	for i, s := range spans {
		at[[2]string{s.trace, s.span}] = i
	}
	var ratios []float64 // of offset and duration, in ns per unit
	for _, s := range spans {
		i, ok := at[[2]string{s.trace, s.parent}]
		if p := &spans[i%max(len(spans), 1)]; ok && s.parent != "" && p.start != 0 && s.start > p.start && p.duration > 0 {
			ratios = append(ratios, float64(s.start-p.start)/p.duration)
		}
	}
	if len(ratios) == 0 {
		return 0
	}
	slices.Sort(ratios)
	for _, u := range units {
		within, _ := slices.BinarySearch(ratios, float64(u)*1.001)
		if 10*within < 9*len(ratios) {
			continue
		}
		if ratios[len(ratios)/2] < float64(u)/2000 && u != Nanoseconds {
			return 0
		}
		return u
	}
	return 0
}

// usualUnit assumes a unit from the size of the durations where nothing else says it: fractions of milliseconds are
// usual, and so are whole nanoseconds, which are large. Nothing but what is said can make this right.
func usualUnit(spans []timing) (Unit, string) {
	const hours = 1e7 // ms: a span of nearly three hours is rarer than one of 10 ms
	for _, s := range spans {
		if s.duration >= hours {
			return Nanoseconds, "assumed, as the values are large: say otherwise with duration_unit in [format.NAME]"
		}
	}
	return Milliseconds, "assumed: say otherwise with duration_unit in [format.NAME]"
}

// problem says what a mapping lacks to be one of spans; whole where it lacks nothing. It says nothing of records that
// have no ids at all.
func (t *table) problem(m *Mapping) (text string, whole bool) {
	trace := len(m.Sources[Trace]) > 0 || m.Outer != ""
	var missing []string
	for _, need := range []struct {
		name string
		ok   bool
	}{
		{"a trace id", trace},
		{"a span id", len(m.Sources[Span]) > 0},
		{"a span name", len(m.Sources[Name]) > 0},
		{"a plausible start time", len(m.Sources[Start]) > 0 || len(m.Sources[End]) > 0 && len(m.Sources[Duration]) > 0},
		{"an end time or a duration", len(m.Sources[End]) > 0 || len(m.Sources[Duration]) > 0},
	} {
		if !need.ok {
			missing = append(missing, need.name)
		}
	}
	switch {
	case !trace && len(m.Sources[Span]) == 0:
		return "", false
	case !trace:
		return "objects with a span id, but without a trace id", false
	case t.isLog(m):
		return "looks like log lines with trace ids", false
	case len(missing) > 0:
		return "objects with a trace id, but without " + enumerate(missing) +
			"; keys of other names can be named in the configuration, under [format.NAME]", false
	case t.repeated(m):
		return "most of its objects share their span id with others: looks like log lines", false
	}
	return "", true
}

// isLog reports whether the records are lines of a log: they have a text and a level, and nothing that only spans have.
func (t *table) isLog(m *Mapping) bool {
	level, text := false, false
	for _, c := range t.columns {
		name := c.path.String()
		switch plain(name[strings.LastIndexByte(name, '.')+1:]) {
		case "level", "severity", "severitytext", "severitynumber", "loglevel", "lvl", "levelname", "logger", "loggername":
			level = true
		case "msg", "message", "body", "logmessage":
			text = text || strings.Count(name, ".") < 2
		}
	}
	return level && text && !m.Known && len(m.Sources[Parent]) == 0
}

// repeated reports whether most records share their ids with others: spans do not.
func (t *table) repeated(m *Mapping) bool {
	seen := map[[2]string]bool{}
	spans := t.timings(m, &column{})
	for _, s := range spans {
		seen[[2]string{s.trace, s.span}] = true
	}
	return m.Outer == "" && 2*len(seen) < len(spans)
}

// enumerate joins words as a sentence does.
func enumerate(words []string) string {
	if n := len(words) - 1; n > 0 {
		return strings.Join(words[:n], ", ") + " and " + words[n]
	}
	return strings.Join(words, "")
}

// Notice says in one line which key was taken for what.
func (m *Mapping) Notice() string {
	var parts []string
	if m.Outer != "" {
		parts = append(parts, fmt.Sprintf("trace id from %q around the spans", m.Outer))
	}
	for f := Trace; f <= Success; f++ {
		var from []string
		for _, s := range m.Sources[f] {
			from = append(from, s.describe(f))
		}
		if len(from) > 0 {
			parts = append(parts, titles[f]+" from "+strings.Join(from, " or "))
		}
	}
	if m.UTC {
		parts = append(parts, "times without a zone taken as UTC")
	}
	return strings.TrimPrefix(strings.TrimPrefix(m.What, "an "), "a ") + ": " + strings.Join(parts, ", ")
}

func (s Source) describe(f Field) string {
	text := strconv.Quote(s.Path.String())
	if !f.isTime() {
		return text
	}
	unit := "date and time"
	switch {
	case s.Unit != 0:
		unit = s.Unit.String()
	case f == Duration:
		return text
	}
	if s.Why != "" {
		unit += ", " + s.Why
	}
	return text + " (" + unit + ")"
}
