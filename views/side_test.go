package views_test

import (
	"testing"

	"tracefall/views"
)

// TestBareNames: folders go where the names of the files tell both apart; nothing goes of what is no file.
func TestBareNames(t *testing.T) {
	for names, want := range map[[2]string][2]string{
		{"/a/good.json", "b/bad.json"}:                  {"good.json", "bad.json"},
		{"/a/traces.json", "/b/traces.json"}:            {"/a/traces.json", "/b/traces.json"},
		{"the rest", "http.route=/cart/{id}"}:           {"the rest", "http.route=/cart/{id}"},
		{"before 14:05:00", "name~/cart/ service=shop"}: {"before 14:05:00", "name~/cart/ service=shop"},
	} {
		if got := views.BareNames(names); got != want {
			t.Errorf("%q: %q, want %q", names, got, want)
		}
	}
}
