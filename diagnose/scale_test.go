package diagnose

import (
	"context"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"tracefall/diagnose/rule"
	"tracefall/sources/trace"
)

// factor is what all times of a file are multiplied by.
type factor struct{ times, by int64 }

func (k factor) of(n int64) int64 { return n * k.times / k.by }

// Lengths that do not grow with the file's times: what is said of the case, or of findings of the detector, then
// need not be the same.
var fixedLengths = []struct{ of, what, why string }{
	{"timeout-wait", "avoidable", "where no call shows what is usual, all but a second of a wait is avoidable"},
	{"exhaustion.plateau", "times", "the critical path allows neighbours to overlap by a hundredth of their parent, and by a millisecond at most"},
	{"chatty.one-pair", "severity", "less than 10 ms that could be avoided is information"},
	{"clock-skew.log-timezone", "findings", "time zones are a quarter of an hour apart"},
	{"clock-skew.drift", "findings", "clocks are compared in stretches of ten minutes"},
}

// TestScaledTimes runs every incident as if it had taken twice, ten times or half as long, with the gates that are
// times scaled alike: then the same must be found at the same spans, the same number of times, with the same shares,
// and times must be scaled.
func TestScaledTimes(t *testing.T) {
	needed := map[string]bool{}
	forIncidents(t, func(t *testing.T, before *Report) {
		for _, k := range []factor{{2, 1}, {10, 1}, {1, 2}} {
			set, exact := scaled(before.Set, k)
			if !exact {
				continue
			}
			th := scaledThresholds(t, k)
			after, err := Run(context.Background(), set, Options{Thresholds: th})
			if err != nil {
				t.Fatal(err)
			}
			differ := func(of, what, got, want string) {
				for _, name := range [...]string{of, caseOf(t)} {
					for _, fixed := range fixedLengths {
						if fixed.of == name && fixed.what == what {
							needed[name] = true
							return
						}
					}
				}
				t.Errorf("×%d/%d: %s of %s differ:\n%s\nbefore:\n%s", k.times, k.by, what, of, got, want)
			}
			compareScaled(before, after, k, differ)
		}
	})
	for _, fixed := range fixedLengths {
		if !needed[fixed.of] {
			t.Errorf("%s need not be an exception because %s", fixed.of, fixed.why)
		}
	}
}

// compareScaled reports what differs between two reports, one of times multiplied by k.
func compareScaled(before, after *Report, k factor, differ func(of, what, got, want string)) {
	a, b := sortedFindings(before), sortedFindings(after)
	if got, want := keys(b), keys(a); got != want {
		differ("the file", "findings", got, want)
		return
	}
	for i, f := range a {
		x, y := f.Numbers, b[i].Numbers
		if !near(y.Union, k.of(x.Union)) || !near(y.Sum, k.of(x.Sum)) || !near(y.Critical, k.of(x.Critical)) || math.Abs(x.CriticalShare-y.CriticalShare) > 1e-6 {
			differ(f.Detector, "times", fmt.Sprintf("%+v", y), fmt.Sprintf("%+v", x))
		} else if !near(y.Avoidable, k.of(x.Avoidable)) {
			differ(f.Detector, "avoidable", fmt.Sprintf("%+v", y), fmt.Sprintf("%+v", x))
		}
		if f.Severity != b[i].Severity || math.Abs(f.Confidence-b[i].Confidence) > 1e-9 {
			differ(f.Detector, "severity", fmt.Sprintf("%s %v", b[i].Severity, b[i].Confidence), fmt.Sprintf("%s %v", f.Severity, f.Confidence))
		}
	}
}

// near allows for medians and midpoints between whole nanoseconds.
func near(a, b int64) bool { return rule.Abs(a-b) <= 10 }

func sortedFindings(r *Report) []*rule.Finding {
	var list []*rule.Finding
	for i := range r.Findings {
		list = append(list, &r.Findings[i])
	}
	slices.SortFunc(list, func(a, b *rule.Finding) int { return strings.Compare(key(a), key(b)) })
	return list
}

func keys(list []*rule.Finding) string {
	var lines []string
	for _, f := range list {
		lines = append(lines, key(f))
	}
	return strings.Join(lines, "\n")
}

func key(f *rule.Finding) string {
	return fmt.Sprintf("%s %s %s ×%d at %s", f.Detector, f.Fingerprint, f.Service, f.Numbers.Count, anchorName(f))
}

// scaled copies a set with its times multiplied, from its earliest moment on; exact reports whether they all could be.
func scaled(s *trace.Set, k factor) (set *trace.Set, exact bool) {
	zero := int64(math.MaxInt64)
	each(s, func(sp trace.Span) { zero = min(zero, sp.Start()) })
	exact = true
	scale := func(n int64) int64 {
		exact = exact && n%k.by == 0
		return k.of(n)
	}
	set = rebuilt(s, func(raw *trace.RawSpan) {
		raw.Start = zero + scale(raw.Start-zero)
		if raw.Duration > 0 {
			raw.Duration = scale(raw.Duration)
		}
		for i := range raw.Events {
			raw.Events[i].Time = zero + scale(raw.Events[i].Time-zero)
		}
	})
	return set, exact
}

// scaledThresholds multiplies the gates that are times.
func scaledThresholds(t *testing.T, k factor) rule.Thresholds {
	th := DefaultThresholds()
	n := 0
	for _, own := range th {
		for _, gate := range reflect.ValueOf(own).Elem().Fields() {
			if gate.Type() == reflect.TypeFor[time.Duration]() {
				gate.SetInt(k.of(gate.Int()))
				n++
			}
		}
	}
	if n == 0 {
		t.Fatal("no gate is a time")
	}
	return th
}

// Cases that hold only up to a length.
var upTo = map[string]string{
	"exhaustion.plateau":      "a place that is taken within 2 ms was waited for",
	"clock-skew.log-timezone": "ten times eight hours is no time zone",
}

// TestLongerTimes runs every incident as if it had taken twice or ten times as long, by the gates as they are: more
// may be found, nothing less, unless a finding that explains more absorbed it.
func TestLongerTimes(t *testing.T) {
	forIncidents(t, func(t *testing.T, before *Report) {
		lost := 0
		for _, k := range []factor{{2, 1}, {10, 1}} {
			set, _ := scaled(before.Set, k)
			after, err := Run(context.Background(), set, Options{})
			if err != nil {
				t.Fatal(err)
			}
			found := map[string]bool{}
			for i := range after.Findings {
				f := &after.Findings[i]
				found[key(f)] = true
				for _, name := range f.Also {
					found[name] = true
				}
			}
			for i := range before.Findings {
				f := &before.Findings[i]
				if found[key(f)] || found[f.Detector] {
					continue
				}
				if lost++; upTo[caseOf(t)] == "" {
					t.Errorf("×%d: no %s %s; there are\n%s", k.times, key(f), f.Title, describeAll(after))
				}
			}
		}
		if why := upTo[caseOf(t)]; why != "" && lost == 0 {
			t.Errorf("it need not be an exception because %s", why)
		}
	})
}
