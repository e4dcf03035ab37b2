package viewstest

import (
	"math/rand/v2"
	"strconv"
	"strings"

	"tracefall/diagnose/facts"
	"tracefall/diagnose/rule"
	"tracefall/sources/trace"
)

// FactsOf derives the facts of a trace.
func FactsOf(tr *trace.Trace) *facts.Facts { return facts.New(tr, facts.NewOps(tr.Set())) }

// Called returns the spans of a name, in order.
func Called(tr *trace.Trace, name string) []int {
	var list []int
	for i := range tr.Len() {
		if tr.Span(i).Name() == name {
			list = append(list, i)
		}
	}
	return list
}

// Evidence makes evidence of spans.
func Evidence(tr *trace.Trace, role rule.Role, spans ...int) []rule.Evidence {
	var list []rule.Evidence
	for _, i := range spans {
		list = append(list, rule.Evidence{Role: role, Trace: tr, Span: i})
	}
	return list
}

// CheckoutFindings is what detectors may say of checkoutTrace.
func CheckoutFindings(tr *trace.Trace) []*rule.Finding {
	charges, likes, bank := Called(tr, "POST /charge"), Called(tr, "SELECT likes WHERE post_id=?"), Called(tr, "Authorize card with the acquiring bank")
	posts := Called(tr, "getUserPosts")[0]
	second, f := int64(1_000_000_000), FactsOf(tr)
	return []*rule.Finding{
		{
			Detector: "retry-storm", Title: "retry storm ×5", Fingerprint: "1", Severity: rule.Critical, Confidence: 0.94,
			Message: "5 calls to payment POST /charge in one request; 4 failed with 503, gaps 20 ms (no backoff).",
			Trace:   tr, Anchor: 0, Service: "payment", Where: rule.Where(f, charges[0]), WhereService: "payment",
			Evidence: append(Evidence(tr, rule.RoleParent, 0), Evidence(tr, rule.RoleOffender, charges...)...),
			Numbers:  rule.Numbers{Count: 5, Critical: 44 * second / 10, Avoidable: 36 * second / 10, CriticalShare: 4.4 / 5.02, Union: 44 * second / 10, Sum: 44 * second / 10},
			Checks:   []rule.Check{{Name: "attempts are marked", Passed: true}, {Name: "all but the last failed", Passed: true}, {Name: "parameters recorded", Passed: false}},
			Remedies: []string{"fewer attempts", "backoff with jitter", "a retry budget"},
			Limits:   []string{"whether the server acted on attempt 2 is not visible"},
			Also:     []string{"n-plus-one"},
		},
		{
			Detector: "error-origin", Relations: rule.Relations{Origin: true}, Title: "error origin", Fingerprint: "2", Severity: rule.High, Confidence: 0.9,
			Message: "The error of the root began in bank-adapter: 503 Service Unavailable; it went through payment to api-gateway.",
			Trace:   tr, Anchor: bank[0], Service: "bank-adapter", Where: rule.Where(f, bank[0]), WhereService: "bank-adapter",
			Evidence: append(Evidence(tr, rule.RoleCause, bank[0]), Evidence(tr, rule.RoleParent, charges[0], 0)...),
		},
		{
			Detector: "n-plus-one", Title: "N+1 ×50", Fingerprint: "3", Severity: rule.Low, Confidence: 0.8,
			Message: "50 × SELECT likes WHERE post_id = ? ran one after another under getUserPosts: 250 ms, 5 % of the critical path; parameters not recorded.",
			Trace:   tr, Anchor: posts, Service: "posts-db", Where: rule.Where(f, likes[0]), WhereService: "posts-db",
			Evidence: append(Evidence(tr, rule.RoleParent, posts), Evidence(tr, rule.RoleOffender, likes...)...),
			Numbers:  rule.Numbers{Count: 50, Critical: second / 4, Avoidable: 245 * second / 1000, CriticalShare: 0.05, Union: second / 4, Sum: second / 4},
		},
	}
}

// RandomFindings is what no detector would say.
func RandomFindings(rng *rand.Rand, tr *trace.Trace) []*rule.Finding {
	var list []*rule.Finding
	for range rng.IntN(4) {
		other := rng.IntN(2)
		f := &rule.Finding{
			Detector: []string{"error-origin", "n-plus-one"}[other], Relations: rule.Relations{Origin: other == 0}, Title: "t\x1b[2Jitle", Message: strings.Repeat("message ", rng.IntN(9)),
			Severity: rule.Severity(rng.IntN(5)), Trace: tr, Anchor: rng.IntN(tr.Len()), Fingerprint: strconv.Itoa(rng.IntN(9)),
		}
		f.Numbers.Avoidable = rng.Int64N(max(tr.Duration(), 1))
		f.Numbers.Critical = rng.Int64N(max(tr.Duration(), 1))
		at := rng.IntN(tr.Len())
		for k := range rng.IntN(60) {
			f.Evidence = append(f.Evidence, Evidence(tr, rule.Role(rng.IntN(5)), (at+k)%tr.Len())...)
		}
		list = append(list, f)
	}
	return list
}
