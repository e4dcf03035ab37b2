package query_test

import (
	"slices"
	"testing"

	"tracefall/sources/query"
)

func TestAbout(t *testing.T) {
	for _, tt := range []struct {
		text              string
		keys              []string // among others, which are other names
		errors, durations bool
	}{
		{"", nil, false, false},
		{"service=api error=true", nil, true, false},
		{"duration>1s || root.status=error", nil, true, true},
		{"tenant=large parent(self>1ms)", []string{"tenant"}, false, true},
		{"http.status_code=500", []string{"http.status_code", "http.response.status_code"}, false, false},
	} {
		q, err := query.Parse(tt.text)
		if err != nil {
			t.Fatal(err)
		}
		got := q.About()
		lacks := slices.ContainsFunc(tt.keys, func(key string) bool { return !slices.Contains(got.Keys, key) })
		if lacks || len(tt.keys) == 0 && len(got.Keys) > 0 || got.Errors != tt.errors || got.Durations != tt.durations {
			t.Errorf("%q is about %+v", tt.text, got)
		}
	}
}
