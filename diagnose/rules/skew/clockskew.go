package skew

import (
	"fmt"
	"slices"
	"time"

	"tracefall/diagnose/clocks"
	"tracefall/diagnose/rule"
	"tracefall/diagnose/units"
)

// ClockSkewThresholds are the gates of clock-skew.
type ClockSkewThresholds struct {
	Apart   time.Duration `toml:"apart" source:"default; a smaller offset does not change the visible order"`
	Quarter time.Duration `toml:"quarter" source:"time zone offsets are multiples of 15 minutes"`
	Near    time.Duration `toml:"near" source:"default; tolerance around a time zone offset"`
	Spans   int           `toml:"spans" unit:"spans" source:"default"`
	Calls   int           `toml:"calls" unit:"calls" source:"default"`
	Share   float64       `toml:"share" unit:"share of the calls" source:"default; a wrong unit affects nearly all spans"`
}

// ClockSkew finds: clock skew, invalid timestamps.
var ClockSkew = rule.Detector{
	ID: "D14", Name: "clock-skew", Title: "Clock skew and invalid timestamps",
	Thresholds: &ClockSkewThresholds{Apart: time.Millisecond, Quarter: 15 * time.Minute, Near: 90 * time.Second, Spans: 5, Calls: 3, Share: 0.8},
	Doc: "The clocks of two hosts disagree, or timestamps in the file are invalid. Spans then seem to start before their caller, " +
		"and gaps between hosts mean nothing until the offset is known.",
	Rule: "calls between two hosts prove a clock offset of `apart` or more (a server span cannot start before its client span or end after it); " +
		"events outside their span, by a time zone offset (a multiple of `quarter`, ± `near`) or otherwise; spans that start at least `apart` before their parent in the same process; " +
		"timestamps that were repaired, that are more than a year from the rest of the file, or that are near 1970 because of a wrong unit; traces of `spans` or more spans that all " +
		"start at the same time; server spans about 1,000 or 1,000,000 times as long as their client spans, in at least `calls` calls and `share` of those between two services.",
	Example:  "Clock of billing-1 was 2 s (± 800 µs) behind api-1 in 14 calls.",
	Remedies: []string{"run NTP or chrony on the host", "write logs in UTC", "view the trace with clock-skew correction (w)"},
	Limits:   []string{"the trace does not show which of the two clocks is right", "durations within one host are not affected"},
	File:     findClockSkew,
	Blind: []rule.Blind{
		{Gap: rule.GapRepaired, Effect: "repaired timestamps give no clock offset"},
	},
}

func findClockSkew(p *rule.FilePass) {
	th := rule.ThresholdsOf[ClockSkewThresholds](p)
	reportSkews(p, th)
	o := oddTimes{p: p, th: th, usual: usualTimes(p)}
	o.fileUnit()
	durationUnits(p, th)
	for _, f := range p.Traces {
		o.read(f)
	}
	for k, g := range o.groups.All() {
		reportOdd(p, k, g)
	}
}

// usualTimes returns, by input, the median start of the traces that begin in it, in nanoseconds: files of different
// years may be opened together.
func usualTimes(p *rule.FilePass) map[string]int64 {
	var starts rule.Lists[string, int64]
	for _, f := range p.Traces {
		starts.Add(f.Trace.Root().Input(), f.Trace.Root().Start())
	}
	usual := map[string]int64{}
	for input, list := range starts.All() {
		slices.Sort(list)
		usual[input] = list[len(list)/2]
	}
	return usual
}

// hostSkew is what is known of the clocks of two hosts, over all of the file.
type hostSkew struct {
	first, last clocks.Skew // the least and the greatest offset
	calls       int
	places      []rule.Place // spans of B that A waited for
}

func reportSkews(p *rule.FilePass, th *ClockSkewThresholds) {
	type pair struct{ a, b string }
	var known rule.Groups[pair, hostSkew]
	for _, s := range p.Clocks.Proven() {
		if rule.Abs(s.Offset)-s.Error < int64(th.Apart) {
			continue
		}
		h := known.Of(pair{s.A, s.B})
		if h.calls == 0 {
			h.first, h.last = s, s
		}
		h.calls += s.Calls
		if s.Offset < h.first.Offset {
			h.first = s
		}
		if s.Offset > h.last.Offset {
			h.last = s
		}
	}
	if len(known.Keys) == 0 {
		return
	}
	for _, f := range p.Traces {
		for i := f.Trace.First(); i < f.Trace.Len(); i++ {
			up := f.Trace.Parent(i)
			if up < f.Trace.First() {
				continue
			}
			a, b := p.Clocks.Host(f.Trace.Span(up).Resource()), p.Clocks.Host(f.Trace.Span(i).Resource())
			if a == b {
				continue
			}
			for _, k := range [...]pair{{a, b}, {b, a}} {
				if h := known.Known(k); h != nil && len(h.places) < rule.MostEvidence {
					h.places = append(h.places, rule.Place{Facts: f, Span: i})
				}
			}
		}
	}
	for _, h := range known.All() {
		if len(h.places) > 0 {
			reportSkew(p, th, h)
		}
	}
}

func reportSkew(p *rule.FilePass, th *ClockSkewThresholds, h *hostSkew) {
	h.fromCaller(p.Clocks)
	s := h.first
	drifts := h.last.Offset-h.last.Error > s.Offset+s.Error
	how := "behind"
	if s.Offset < 0 {
		how = "ahead of"
	}
	by := fmt.Sprintf("%s (± %s)", units.Lasted(rule.Abs(s.Offset)), units.Lasted(s.Error))
	if drifts {
		one, other := rule.Abs(s.Offset), rule.Abs(h.last.Offset)
		by = fmt.Sprintf("between %s and %s", units.Lasted(min(one, other)), units.Lasted(max(one, other)))
		if s.Offset < 0 && h.last.Offset > 0 {
			how = "ahead of, then behind"
		}
	}
	f := rule.Finding{
		Kind:     fmt.Sprintf("clock skew %s: host %s", units.Lasted(max(rule.Abs(s.Offset), rule.Abs(h.last.Offset))), rule.Quoted(s.B)),
		Placed:   true,
		Message:  fmt.Sprintf("Clock of %s was %s %s %s in %s.", rule.Quoted(s.B), by, how, rule.Quoted(s.A), rule.Calls(h.calls, "call")),
		Evidence: rule.EvidenceOf(rule.RoleOffender, h.places...),
		Numbers:  rule.Numbers{Count: h.calls, More: []rule.Number{{Name: "offset_nano", Value: float64(s.Offset)}, {Name: "error_nano", Value: float64(s.Error)}}},
		Checks: []rule.Check{
			{Name: "consistent with all calls", Passed: true},
			{Name: "more than one call", Passed: h.calls > 1},
			{Name: "offset known ±10 %", Passed: 10*s.Error <= rule.Abs(s.Offset)},
		},
		Confidence: 0.7,
		Risk:       0.1,
		Cap:        new(rule.Low),
	}
	f.Gain(0, 0.15, 0.1)
	if drifts {
		f.Message += " The offset drifts."
	} else if zone, ok := th.zone(-s.Offset); ok {
		f.Message += " This matches a time zone offset (" + zone + ")."
	}
	p.Report(h.places[0], "skew "+s.A+" "+s.B, f)
}

// fromCaller puts the host that made the calls first: it is the one whose trace people look at.
func (h *hostSkew) fromCaller(hostClocks *clocks.Clocks) {
	if hostClocks.Host(h.places[0].Data().Resource()) != h.first.A {
		return
	}
	turned := func(s clocks.Skew) clocks.Skew {
		s.A, s.B, s.Offset = s.B, s.A, -s.Offset
		return s
	}
	h.first, h.last = turned(h.last), turned(h.first)
}
