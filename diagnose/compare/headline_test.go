package compare_test

import (
	"testing"
)

// TestHeadlineGoesDownWhereOneCallCarriesFourFifths: a call that carries 70 % of the difference is named beside the other,
// one that carries 85 % is what the difference comes from.
func TestHeadlineGoesDownWhereOneCallCarriesFourFifths(t *testing.T) {
	const good = `
web "GET /" 0ms +100ms kind=server
  web load 10ms +30ms
  web draw 50ms +30ms
`
	for _, test := range []struct{ bad, want string }{
		{`
web "GET /" 0ms +1100ms kind=server
  web load 10ms +730ms
  web draw 750ms +330ms
`, "+1.00 s: web load self time +700 ms, web draw self time +300 ms"},
		{`
web "GET /" 0ms +1100ms kind=server
  web load 10ms +880ms
  web draw 900ms +180ms
`, "web load: self time +850 ms of +1.00 s (85 %)"},
	} {
		if c := pair(t, good, test.bad); c.Headline != test.want {
			t.Errorf("headline %q, want %q", c.Headline, test.want)
		}
	}
}

// TestHeadlineListsPartsUpToNineTenths: 70 % and 22 % are enough, and the rest is one number.
func TestHeadlineListsPartsUpToNineTenths(t *testing.T) {
	c := pair(t, `
web "GET /" 0ms +100ms kind=server
  web load 10ms +10ms
  web draw 30ms +10ms
  web send 50ms +10ms
`, `
web "GET /" 0ms +1100ms kind=server
  web load 10ms +710ms
  web draw 730ms +230ms
  web send 970ms +90ms
`)
	if want := "+1.00 s: web load self time +700 ms, web draw self time +220 ms, other +80 ms"; c.Headline != want {
		t.Errorf("headline %q, want %q", c.Headline, want)
	}
}
