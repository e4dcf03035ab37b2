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
	}{
		{"service=ca|", "service", ""},
		{"root.service=|", "service", ""},
		{"service=cart name=|", "name", "cart"},
		{"service=cart name=GE| error=true", "name", "cart"},
		{"name=| service=cart", "name", "cart"},
		{`service="my cart" name="GET /|`, "name", "my cart"},
		{"service!=cart name=|", "name", ""},
		{"service=cart OR service=pay name=|", "name", ""},
		{"http.route=|", "http.route", ""},
		{"http.r|", "keys", ""},
		{"|", "", ""},
		{"duration>1s |", "", ""},
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
		if what != c.want || got.Service != c.service {
			t.Errorf("%s: %q of service %q, want %q of %q", c.text, what, got.Service, c.want, c.service)
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
