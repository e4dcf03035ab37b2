package diagnose

import (
	"context"
	"strings"
	"testing"

	"tracefall/diagnose/rule"
	"tracefall/diagnose/rules/recording"
	"tracefall/sources/tracetest"
)

// TestLostContextMissingSpans: where spans of the caller's trace are missing, the server's may be among them.
func TestLostContextMissingSpans(t *testing.T) {
	const joined = `
trace 01
web "GET /" 5000ms +340ms kind=server
  web GET 5020ms +300ms kind=client http.request.method=GET url.full="http://pay/x"
trace 02
pay "GET /x" 5024ms +292ms kind=server http.request.method=GET http.route=/x
`
	const missing = `trace 01
web "render" 5200ms +3ms parent=00000000000000aa
`
	confidence := func(text string) float64 {
		report, err := Run(context.Background(), tracetest.Set(t, text), Options{})
		if err != nil {
			t.Fatal(err)
		}
		for i := range report.Findings {
			if f := &report.Findings[i]; f.Detector == recording.LostContext.Name && strings.Contains(f.Message, "its continuation") {
				return f.Confidence
			}
		}
		t.Fatal("no finding")
		return 0
	}
	whole, broken := confidence(joined), confidence(joined+missing)
	if diff := broken - rule.Mistrust*whole; diff < -1e-9 || diff > 1e-9 {
		t.Errorf("confidence %.2f where spans are missing, %.2f where none are; want %.1f of it", broken, whole, rule.Mistrust)
	}
}
