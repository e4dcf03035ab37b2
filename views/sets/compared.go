package sets

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"tracefall/diagnose/compare"
	"tracefall/diagnose/compare/population"
	"tracefall/diagnose/facts"
	"tracefall/views"
	"tracefall/views/draw"
	"tracefall/views/style"
)

// tail returns the parts of the difference of the slowest traces, where these say something else than the mean.
func (s *compared) tail() []compare.Contribution {
	if s.c.Tail == nil {
		return nil
	}
	return s.c.Tail.Contributions
}

// examples returns spans that show what a row says, good and bad; Facts is nil where there is none.
func (s *compared) examples(r setRow) (places [2]population.Place) {
	if r.kind != setItem && r.kind != setProof {
		return places
	}
	switch r.section {
	case setCulprits:
		return s.evidence(r)
	case setContributions:
		return s.c.Calls[s.c.Contributions[r.item].Node].Example
	case setTail:
		return s.c.Calls[s.tail()[r.item].Node].Example
	case setCalls:
		return s.c.Calls[s.changed[r.item]].Example
	case setShapes:
		if at := r.item - len(s.c.Shapes); at >= 0 {
			pace := &s.c.Paces[at]
			return [2]population.Place{placeOf(pace.Example[views.Good]), placeOf(pace.Example[views.Bad])}
		}
		shape := &s.c.Shapes[r.item]
		side := views.Bad
		if shape.Kind == population.Vanished || shape.Kind == population.Less {
			side = views.Good
		}
		places[side], places[1-side] = placeOf(shape.Example), placeOf(shape.Against)
	default:
	}
	return places
}

// standing says why a culprit stands where it does: what of others' excess it explains, or what it stands behind.
func (s *compared) standing(item int) string {
	c := &s.c.Culprits[item]
	if len(c.Explains) == 0 {
		return c.Passing
	}
	var parts []string
	for _, e := range c.Explains {
		parts = append(parts, draw.PercentOf(e.Share)+" of the excess of "+e.Service)
	}
	text := "explains " + strings.Join(parts, ", ")
	if c.Passing != "" {
		text += "; " + c.Passing
	}
	return text
}

// evidence returns the spans of a culprit: that of a row of its own, else the first of either side.
func (s *compared) evidence(r setRow) (places [2]population.Place) {
	list := s.c.Culprits[r.item].Evidence
	for k := len(list) - 1; k >= 0; k-- {
		if r.kind == setProof && k != r.proof {
			continue
		}
		places[evidenceSide(list[k])] = list[k].Place
	}
	return places
}

// partLine is a part of a difference as text.
func (s *compared) partLine(part compare.Contribution) string {
	return fmt.Sprintf("%s %s: %s", draw.DurationSigned(part.Delta), s.c.PartName(part), part.Message)
}

// line is a row as text.
func (s *compared) line(r setRow) string {
	switch r.kind {
	case setTitle:
		return setSectionTitles[r.section].title
	case setNone:
		return s.emptyText(r.section)
	case setProof:
		return s.proofText(r)
	case setNote:
		return s.standing(r.item)
	case setItem:
	case setMore, setBlank:
		return ""
	}
	c := s.c
	switch r.section {
	case setSummary:
		cells := s.summary(r.item)
		return strings.TrimSpace(summaryLines[r.item] + " " + cells[0] + " → " + cells[1] + " " + cells[2] + " " + cells[3])
	case setCulprits:
		text := c.Culprits[r.item].Service + ": " + c.Culprits[r.item].Message
		if note := s.standing(r.item); note != "" {
			text += "; " + note
		}
		return text
	case setContributions:
		return s.partLine(c.Contributions[r.item])
	case setTail:
		return s.partLine(s.tail()[r.item])
	case setAttributes:
		a := &c.Attributes[r.item]
		values := draw.PercentOf(a.Share(0)) + " → " + draw.PercentOf(a.Share(1))
		if a.Numbers != nil {
			values = "p50 " + number(a.Numbers.P50[0]) + " → " + number(a.Numbers.P50[1]) + ", " + numbersText(a)
		}
		text := fmt.Sprintf("%s %s: %s, %s", a.Scope, draw.Escape(a.Text()), values, qText(a.Q))
		if len(a.Also) > 0 {
			text += "; the same traces have " + strings.Join(a.Also, ", ")
		}
		return text
	case setShapes:
		return s.wayOf(r.item).line()
	case setCalls:
		return setCallName(c.Calls[s.changed[r.item]].Op) + ": " + s.callText(s.changed[r.item], true)
	case setLeftOut:
		return s.leftOutText(r.item)
	case setSampling:
		return s.samplerText(r.item)
	default:
		return ""
	}
}

// besideTitle says what a section is about as a whole.
func (s *compared) besideTitle(section setSection) string {
	switch section {
	case setCulprits:
		return "score 0 to 1: excess time, calls, errors"
	case setAttributes:
		return "shares of traces"
	case setContributions:
		return "shares of " + draw.DurationSigned(s.c.Delta)
	case setShapes:
		return s.waysText()
	case setTail:
		t := s.c.Tail
		return fmt.Sprintf("shares of %s, the mean difference of %d baseline and %d bad traces", draw.DurationSigned(t.Delta), t.Traces[0], t.Traces[1])
	default:
		return ""
	}
}

// nothing reports whether there is nothing to compare: then no number is a number of anything.
func (s *compared) nothing() bool {
	return s.c.Of[views.Good].Traces == 0 || s.c.Of[views.Bad].Traces == 0
}

// emptyText says why a section has nothing.
func (s *compared) emptyText(section setSection) string {
	if s.c.Descriptive && section != setContributions || s.nothing() {
		return "" // what stands above says that nothing was tested, or compared
	}
	return setSectionTitles[section].empty
}

func (s *compared) moreText(r setRow, theme *style.Theme) string {
	text := theme.Glyphs.Ellipsis + " " + draw.Count(s.items[r.section]-r.item) + " more"
	var parts []compare.Contribution
	switch r.section {
	case setContributions:
		parts = s.c.Contributions
	case setTail:
		parts = s.tail()
	default:
		return text
	}
	var sum int64
	for _, part := range parts[r.item:] {
		sum += part.Delta
	}
	text += ", together " + contributed(parts).Change(sum)
	return text
}

// contributed are the parts of a difference in a table: in the precision of the first, which is the largest.
func contributed(parts []compare.Contribution) draw.Durations {
	return draw.Durations{Longest: compare.Abs(parts[0].Delta)}
}

// summary returns the cells of a line: good, bad, difference, certainty.
func (s *compared) summary(line int) (cells [4]string) {
	good, bad := &s.c.Of[0], &s.c.Of[1]
	times := func(a, b int64) {
		column := draw.Durations{Longest: max(good.P99, bad.P99, good.Mean, bad.Mean)}
		cells[0], cells[1] = column.Text(a), column.Text(b)
		if a != b {
			cells[2] = column.Change(b - a)
		}
	}
	switch summaryLines[line] {
	case "traces":
		cells[0], cells[1] = draw.Count(good.Traces), draw.Count(bad.Traces)
	case "failed":
		cells[0], cells[1] = draw.PercentOf(good.ErrorRate), draw.PercentOf(bad.ErrorRate)
		if points := math.Round(100 * (bad.ErrorRate - good.ErrorRate)); points != 0 {
			cells[2] = fmt.Sprintf("%+.0f pp", points)
		}
		if good.ErrorRate != bad.ErrorRate {
			cells[3] = s.tested(s.c.Errors.Q)
		}
	case "mean":
		times(good.Mean, bad.Mean)
		if r := s.c.DeltaRange; r != [2]int64{} {
			cells[3] = "95 % CI " + draw.DurationSigned(r[0]) + " to " + draw.DurationSigned(r[1])
		}
	case "p50":
		times(good.P50, bad.P50)
		cells[3] = s.tested(s.c.Duration.LeastQ())
		if text := s.c.Duration.MovedText(setLevel, durationText); text != "" {
			cells[3] += draw.SegmentGap + text
		}
	case "p95":
		times(good.P95, bad.P95)
	case "p99":
		times(good.P99, bad.P99)
	}
	return cells
}

// tested writes a q-value, "" where there was no test.
func (s *compared) tested(q float64) string {
	if s.c.Descriptive {
		return ""
	}
	return qText(q)
}

// share writes which part of the difference of the means something makes, "" where that is nearly nothing.
func (s *compared) share(delta int64) string {
	return views.ShareOf(delta, s.c.Delta, max(s.c.Of[0].Mean, s.c.Of[1].Mean))
}

// proofText names a span that shows what points to a service.
func (s *compared) proofText(r setRow) string {
	e := s.c.Culprits[r.item].Evidence[r.proof]
	if e.Facts == nil {
		return e.Role
	}
	t := e.Facts.Trace
	span := t.Span(e.Span)
	took := draw.Duration(span.Duration())
	if server := e.Facts.Server(e.Span); server >= 0 {
		took += ", server span " + draw.Duration(t.Span(server).Duration())
	}
	return evidenceSide(e).Label() + ": " + took + draw.SegmentGap + setCallName(e.Facts.Op(e.Span)) + " in trace " + views.ShortID(t.ID())
}

// callText says which numbers of a call changed by more than chance; in full, with their higher percentiles.
func (s *compared) callText(i int, full bool) string {
	n := &s.c.Calls[i]
	var parts []string
	if n.Presence.Q < setLevel {
		parts = append(parts, "in "+draw.PercentOf(n.Presence.Share(0))+" → "+draw.PercentOf(n.Presence.Share(1))+" of traces")
	}
	if n.Errors.Q < setLevel {
		parts = append(parts, "errors in "+draw.PercentOf(n.Errors.Share(0))+" → "+draw.PercentOf(n.Errors.Share(1))+" of its traces")
	}
	if n.Counts.LeastQ() < setLevel {
		parts = append(parts, "calls/trace "+number(n.Counts.Mean[0])+" → "+number(n.Counts.Mean[1]))
	}
	for _, m := range [...]struct {
		name string
		of   *population.Measure
	}{{"self time", &n.Self}, {"network/queue time", &n.Gap}, {"critical path time", &n.Critical}} {
		if m.of.LeastQ() < setLevel {
			text := m.name + " " + m.of.Text(setLevel, durationText)
			if full {
				text += fmt.Sprintf(" (p95 %s → %s, p99 %s → %s)", durationText(m.of.P95[0]), durationText(m.of.P95[1]),
					durationText(m.of.P99[0]), durationText(m.of.P99[1]))
			}
			parts = append(parts, text)
		}
	}
	return strings.Join(parts, draw.SegmentGap)
}

// leftOutText says which traces had nothing to be compared with.
func (s *compared) leftOutText(i int) string {
	l := &s.c.LeftOut[i]
	side := views.Good
	if l.Side == compare.Added {
		side = views.Bad
	}
	return draw.CountNoun(l.N, "trace", "traces") + " of " + setCallName(l.Op) + ": only in " + side.Label()
}

// waysText names the columns of ways, and says whether the shares of all together differ and how many ways there were where
// others are not listed.
func (s *compared) waysText() string {
	t, tested := &s.c.ShapeTest, ""
	switch {
	case t.Ways < 2 || s.c.Descriptive:
	case t.Q < setLevel:
		tested = " (differ, " + qText(t.Q) + ")"
	case len(s.c.Shapes) == 0: // else too few traces a way to test all together
		tested = " (no significant difference)"
	}
	text := "shares of traces" + tested + ", total time added"
	if t.Ways > s.items[setShapes] {
		text += "; " + strconv.Itoa(t.Ways) + " paths in total"
	}
	return text
}

// samplerText says how traces were sampled, and what that does to shares.
func (s *compared) samplerText(i int) string {
	x := &s.c.Samplers[i]
	text := fmt.Sprintf("%s: %d of %d baseline, %d of %d bad", draw.Escape(x.Text), x.Traces[views.Good], s.c.Of[views.Good].Traces, x.Traces[views.Bad], s.c.Of[views.Bad].Traces)
	if x.Tail {
		return text + "; tail-sampled: failed and slow traces are over-represented"
	}
	return text
}

func placeOf(f *facts.Facts) population.Place { return population.Place{Facts: f} }

func evidenceSide(e population.Evidence) views.Side {
	if e.Role == "baseline" {
		return views.Good
	}
	return views.Bad
}
