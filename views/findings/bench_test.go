package findings

import (
	"strconv"
	"testing"

	"tracefall/diagnose/rule"
	"tracefall/views"
	"tracefall/views/viewstest"
)

// BenchmarkFindings walks through many findings, each with many spans, a frame for each row.
func BenchmarkFindings(b *testing.B) {
	tr := viewstest.WideTrace(b, 2_000)
	for _, n := range []int{100, 10_000} {
		var list []*rule.Finding
		for i := range n {
			f := &rule.Finding{
				Detector: "n-plus-one", Title: "N+1 ×" + strconv.Itoa(i), Fingerprint: strconv.Itoa(i), Message: "calls ran one after another", Severity: rule.High, Trace: tr,
				Numbers: rule.Numbers{Count: 3, Avoidable: int64(i) * 1_000_000, Critical: int64(i) * 2_000_000, CriticalShare: 0.5},
			}
			f.Evidence = viewstest.Evidence(tr, rule.RoleOffender, 1, 2, 3)
			list = append(list, f)
		}
		f := New()
		f.SetFindings(tr, list, nil, 24)
		b.Run(strconv.Itoa(n), func(b *testing.B) { viewstest.BenchFrames(b, f, views.Down) })
	}
}
