package diagnose

import (
	"cmp"
	"slices"

	"tracefall/diagnose/rule"
)

// scores are the ones from which each severity begins.
var scores = [...]float64{rule.Low: rule.ScoreLow, rule.Medium: rule.ScoreMedium, rule.High: rule.ScoreHigh, rule.Critical: rule.ScoreCritical}

// grade works out score and severity of a finding about a trace that lasted total nanoseconds.
func grade(f *rule.Finding, total int64) {
	impact := 0.0
	if total > 0 {
		impact = min(max(float64(f.Numbers.Avoidable)/float64(total), 0), 1)
	}
	f.Weight = max(impact, f.ErrorWeight, f.Risk)
	f.Confidence = min(max(f.Confidence, 0), 1)
	f.Severity = rule.Info
	if f.Numbers.Avoidable >= rule.LeastAvoidable || f.ErrorWeight != 0 || f.Risk != 0 {
		for f.Severity < rule.Critical && f.Weight >= scores[f.Severity+1] {
			f.Severity++
		}
	}
	if f.Cap != nil {
		f.Severity = min(f.Severity, *f.Cap)
	}
	if f.Confidence < rule.Certain {
		f.Severity = min(f.Severity, rule.Medium)
		f.Possible = true
	}
	f.Word()
	// A finding whose severity was capped ranks by that severity.
	if f.Severity < rule.Critical {
		f.Weight = min(f.Weight, scores[f.Severity+1])
	}
}

// rank orders findings: by score and confidence, avoidable time, earliest start, then fingerprint.
func rank(findings []rule.Finding) {
	slices.SortStableFunc(findings, func(a, b rule.Finding) int {
		return cmp.Or(
			cmp.Compare(b.Score(), a.Score()),
			cmp.Compare(b.Numbers.Avoidable, a.Numbers.Avoidable),
			cmp.Compare(start(&a), start(&b)),
			cmp.Compare(a.Fingerprint, b.Fingerprint),
			cmp.Compare(a.Anchor, b.Anchor),
		)
	})
}

func start(f *rule.Finding) int64 {
	if f.Trace == nil {
		return 0
	}
	return f.Trace.Span(f.Anchor).Start()
}

// subsume drops findings of one trace whose offenders are offenders of a stronger one; of failures, where it is as
// severe: a possible retry does not hide that the request waited for a timeout.
func subsume(findings []rule.Finding) []rule.Finding {
	slices.SortStableFunc(findings, func(a, b rule.Finding) int { return cmp.Compare(b.Strength, a.Strength) })
	owner := map[int]int{} // span -> the finding that has it as offender
	kept := findings[:0]
	for _, f := range findings {
		if f.Strength > 0 {
			if by, shared := mostlyOwned(&f, owner); shared && kept[by].Detector != f.Detector && (kept[by].Severity >= f.Severity || f.ErrorWeight == 0) {
				absorbed(&kept[by], f.Detector)
				continue
			}
			for _, e := range f.Evidence {
				if _, taken := owner[e.Span]; e.Role == rule.RoleOffender && !taken {
					owner[e.Span] = len(kept)
				}
			}
		}
		kept = append(kept, f)
	}
	return kept
}

// mostlyOwned returns the finding that has more than half of f's offenders.
func mostlyOwned(f *rule.Finding, owner map[int]int) (by int, shared bool) {
	counts, offenders := map[int]int{}, f.Count(rule.RoleOffender)
	for _, e := range f.Evidence {
		if e.Role != rule.RoleOffender {
			continue
		}
		if n, ok := owner[e.Span]; ok {
			counts[n]++
			if 2*counts[n] > offenders {
				return n, true
			}
		}
	}
	return 0, false
}
