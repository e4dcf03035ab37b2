package diagnose

import (
	"cmp"
	"slices"
)

// The scores from which a severity begins, and what keeps a finding at info.
const (
	scoreCritical = 0.5
	scoreHigh     = 0.25
	scoreMedium   = 0.10
	scoreLow      = 0.03

	leastAvoidable = 10_000_000 // ns; less, without an error or a risk, is info
	certain        = 0.5        // confidence below it: medium at most, and the title says "possible"
)

// grade works out score and severity of a finding about a trace that lasted total nanoseconds.
func grade(f *Finding, total int64) {
	impact := 0.0
	if total > 0 {
		impact = min(max(float64(f.Numbers.Avoidable)/float64(total), 0), 1)
	}
	f.score = max(impact, f.ErrorWeight, f.Risk)
	f.Confidence = min(max(f.Confidence, 0), 1)
	switch {
	case f.Numbers.Avoidable < leastAvoidable && f.ErrorWeight == 0 && f.Risk == 0:
		f.Severity = Info
	case f.score >= scoreCritical:
		f.Severity = Critical
	case f.score >= scoreHigh:
		f.Severity = High
	case f.score >= scoreMedium:
		f.Severity = Medium
	case f.score >= scoreLow:
		f.Severity = Low
	default:
		f.Severity = Info
	}
	if f.Cap != nil {
		f.Severity = min(f.Severity, *f.Cap)
	}
	if f.Confidence < certain {
		f.Severity = min(f.Severity, Medium)
		f.Possible = true
	}
	f.Word()
	// What is claimed less than the numbers say also ranks so.
	if f.Severity < Critical {
		f.score = min(f.score, [...]float64{scoreLow, scoreMedium, scoreHigh, scoreCritical}[f.Severity])
	}
}

// rank orders findings: by score and confidence, avoidable time, earliest start, then fingerprint.
func rank(findings []Finding) {
	slices.SortStableFunc(findings, func(a, b Finding) int {
		return cmp.Or(
			cmp.Compare(b.Score(), a.Score()),
			cmp.Compare(b.Numbers.Avoidable, a.Numbers.Avoidable),
			cmp.Compare(start(&a), start(&b)),
			cmp.Compare(a.Fingerprint, b.Fingerprint),
			cmp.Compare(a.Anchor, b.Anchor),
		)
	})
}

func start(f *Finding) int64 {
	if f.Trace == nil {
		return 0
	}
	return f.Trace.Span(f.Anchor).Start()
}

// subsume drops findings of one trace whose offenders are offenders of a stronger one; of failures, where it is as
// severe: a possible retry does not hide that the request waited for a timeout.
func subsume(findings []Finding) []Finding {
	slices.SortStableFunc(findings, func(a, b Finding) int { return cmp.Compare(b.Strength, a.Strength) })
	owner := map[int]int{} // span -> the finding that has it as offender
	kept := findings[:0]
	for _, f := range findings {
		if f.Strength > 0 {
			if by, shared := mostlyOwned(&f, owner); shared && kept[by].Detector != f.Detector && (kept[by].Severity >= f.Severity || f.ErrorWeight == 0) {
				absorbed(&kept[by], f.Detector)
				continue
			}
			for _, e := range f.Evidence {
				if _, taken := owner[e.Span]; e.Role == RoleOffender && !taken {
					owner[e.Span] = len(kept)
				}
			}
		}
		kept = append(kept, f)
	}
	return kept
}

// mostlyOwned tells which finding has more than half of f's offenders.
func mostlyOwned(f *Finding, owner map[int]int) (by int, shared bool) {
	counts, offenders := map[int]int{}, f.count(RoleOffender)
	for _, e := range f.Evidence {
		if e.Role != RoleOffender {
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
