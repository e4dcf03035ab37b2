package flat

import (
	"slices"
	"strconv"
)

// timing is what of a record is needed to tell the unit of durations from those of other records.
type timing struct {
	trace, span, parent string
	start, end          int64
	duration            float64
}

// durationUnit tells in which unit durations are, and from what: the ends of the spans, the starts of their children
// within them, the unit of the starts, and at last what is usual.
func (t *table) durationUnit(m *Mapping, c *column) (Unit, string) {
	isNumber := func(v Cell) bool {
		_, err := strconv.ParseFloat(v.Text, 64)
		return err == nil
	}
	if !slices.ContainsFunc(c.cells, isNumber) {
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
			col := t.columns[slices.IndexFunc(t.columns, func(c *column) bool { return c.path == s.Path })]
			for i, row := range col.rows {
				set(&spans[row], col.cells[i], s.Unit)
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
	if c.Kind == '[' || c.Kind == MomentKind {
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
		if nearlyAll(fit, seen) {
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
		if !nearlyAll(within, len(ratios)) {
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
	if slices.ContainsFunc(spans, func(s timing) bool { return s.duration >= hours }) {
		return Nanoseconds, "assumed because values are large; override with duration_unit in [format.NAME]"
	}
	return Milliseconds, "assumed; override with duration_unit in [format.NAME]"
}
