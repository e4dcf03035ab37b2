package query_test

import (
	"slices"
	"strings"
	"testing"

	"tracefall/sources/query"
	"tracefall/sources/tracetest"
)

func TestWantedAt(t *testing.T) {
	for _, c := range []struct {
		text    string // | is the cursor
		want    string // what is wanted
		service string
		beside  string
	}{
		{"service=ca|", "service", "", ""},
		{"root.service=|", "service", "", ""},
		{"service=cart name=|", "name", "cart", "service=cart"},
		{"service=cart name=GE| error=true", "name", "cart", "service=cart error=true"},
		{"name=| service=cart", "name", "cart", "service=cart"},
		{`service="my cart" name="GET /|`, "name", "my cart", `service="my cart"`},
		{"service!=cart name=|", "name", "", "service!=cart"},
		{"service=cart OR service=pay name=|", "name", "", ""},
		{"http.route=|", "http.route", "", ""},
		{"duration>1s http.route=/c| NOT error=true", "http.route", "", "duration>1s NOT error=true"},
		{"error=true (service=cart OR http.route=|)", "http.route", "", "error=true"},
		{"service=cart NOT http.route=|", "http.route", "", "service=cart"},
		{"http.r|", "keys", "", ""},
		{"|", "", "", ""},
		{"duration>1s |", "", "", ""},
	} {
		at := strings.IndexByte(c.text, '|')
		got, ok := query.WantedAt(strings.Replace(c.text, "|", "", 1), at)
		what := ""
		switch {
		case ok && got.Keys:
			what = "keys"
		case ok:
			what = query.FormatRef(got.Ref)
		}
		if what != c.want || got.Service != c.service || got.Beside != c.beside {
			t.Errorf("%s: %q of service %q beside %q, want %q of %q beside %q", c.text, what, got.Service, got.Beside, c.want, c.service, c.beside)
		}
	}
}

// TestWithValues mixes what somebody else knows with what the spans hold: each once, behind those that were counted, and no
// secrets.
func TestWithValues(t *testing.T) {
	set := tracetest.Set(t, "trace 1\ncart \"GET /cart\" 0ms +5ms\n")
	v := query.BuildVocabulary(set, standIn{})
	w, _ := query.WantedAt("service=", 8)
	mixed := v.WithValues(w.Ref, []string{"auth", "cart", "checkout"}, standIn{}).WithKeys([]string{"http.route"}, standIn{})
	texts := func(text string, v *query.Vocabulary) (all []string) {
		for _, s := range query.Complete(text, len(text), v) {
			all = append(all, s.Text)
		}
		return all
	}
	if got := texts("service=", mixed); !slices.Equal(got, []string{"cart", "auth", "checkout"}) {
		t.Errorf("services %q", got)
	}
	if got := texts("http.ro", mixed); !slices.Equal(got, []string{"http.route"}) {
		t.Errorf("keys %q", got)
	}
	if got := texts("service=", v); !slices.Equal(got, []string{"cart"}) {
		t.Errorf("the vocabulary has changed: %q", got)
	}
	if got := texts("service=", (*query.Vocabulary)(nil).WithValues(w.Ref, []string{"auth"}, standIn{})); !slices.Equal(got, []string{"auth"}) {
		t.Errorf("without spans: %q", got)
	}
}
