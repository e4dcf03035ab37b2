package app

import (
	"os"
	"strings"
	"testing"

	"tracefall/diagnose/compare/population"
	"tracefall/sources"
)

// TestSetsJSON checks that the parts of a document about sets sum to its whole, and that every list is a list.
func TestSetsJSON(t *testing.T) {
	r, err := openInputs(t.Context(), nil, nil, (&incident{Files: []string{"no-fast-fail.jsonl.gz"}}).only(os.DirFS("../testdata/demo")), sources.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer closeQuietly(r.Set)
	split := population.SplitByErrors(factsOf(r.Set, nil))
	c, err := population.Compare(t.Context(), split.Good, split.Bad, population.Options{By: split.By})
	if err != nil {
		t.Fatal(err)
	}
	doc := newSetsJSON(c, r.Set.Len(), nil, masking{})
	var sum int64
	for _, part := range doc.Contributions {
		sum += part.Delta
		if len(part.Path) == 0 || part.Path[len(part.Path)-1] != part.Name {
			t.Errorf("the path %q does not lead to %q", part.Path, part.Name)
		}
	}
	if doc.Delta == 0 || sum != doc.Delta {
		t.Errorf("the parts sum to %d, want %d", sum, doc.Delta)
	}
	if len(doc.Culprits) == 0 || doc.Culprits[0].Service != "order-service" || len(doc.Culprits[0].Evidence) == 0 {
		t.Errorf("culprits: %+v", doc.Culprits)
	}
	text, err := marshal(doc)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(text), "null") != strings.Contains(string(text), `"first_divergence":null`) || strings.Count(string(text), "null") != 1 {
		t.Errorf("more than the first divergence is null: %s", text)
	}
	fields := []string{`{"version":1,`, `"good":{"traces":`, `"bad":`, `"delta_nano":`, `"matched_share":`, `"first_divergence":`, `"contributions":`,
		`"changes":`, `"notices":`, `"culprits":`, `"attributes":[`, `"shapes":[`}
	at := 0
	for _, field := range fields {
		n := strings.Index(string(text)[at:], field)
		if n < 0 {
			t.Fatalf("%s is missing or out of order", field)
		}
		at += n
	}
}
