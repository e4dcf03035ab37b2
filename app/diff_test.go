package app

import (
	"os"
	"strings"
	"testing"
	"time"

	"tracefall/diagnose/compare/population"
	"tracefall/sources"
	"tracefall/sources/tracetest"
	"tracefall/views"
)

// TestSetsJSON checks that the parts of a document about sets sum to its whole, and that every list is a list.
func TestSetsJSON(t *testing.T) {
	r, err := openInputs(t.Context(), nil, nil, incidentFiles{os.DirFS("../testdata/demo"), []string{"no-fast-fail.jsonl.gz"}}, sources.Options{})
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

func TestSplitRef(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.WriteFile("odd#name.json", nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range [][3]string{
		{"a.json", "a.json", ""}, {"a.json#12", "a.json", "12"}, {"odd#name.json", "odd#name.json", ""}, {"odd#name.json#12", "odd#name.json", "12"},
	} {
		if name, id := splitRef(c[0]); name != c[1] || id != c[2] {
			t.Errorf("%s: %q %q, want %q %q", c[0], name, id, c[1], c[2])
		}
	}
}

func TestPick(t *testing.T) {
	set := tracetest.Set(t, `
		trace 1
		gw "GET /a" 0ms +10ms
		trace 2
		gw "GET /a" 1s +30ms
		trace 3
		gw "GET /a" 2s +20ms error=boom
		trace 4
		gw "GET /a" 3s +15ms error=boom
		trace 5
		gw "GET /b" 4s +90ms error=boom
	`)
	all := side{name: "all", set: set}
	for i := range set.Len() {
		all.traces = append(all.traces, set.Trace(i))
	}
	if got, why, err := pickBad(all, set.Trace(0)); err != nil || got != set.Trace(2) || why != "the slowest that failed of 3 such traces, 20 ms" {
		t.Errorf("the bad one is %v, %q, %v", got, why, err)
	}
	few := all
	few.traces = few.traces[:2]
	if got, why, err := pickBad(few, set.Trace(0)); err != nil || got != set.Trace(1) || !strings.HasPrefix(why, "the slowest of 1 such trace") {
		t.Errorf("without failures the bad one is %v, %q, %v", got, why, err)
	}
	if _, _, err := pickBad(few, set.Trace(4)); err == nil {
		t.Error("a trace of another operation is picked")
	}
	if got, _, err := pickGood(all, set.Trace(3)); err != nil || got.Root().Error() {
		t.Errorf("the good one is %v, %v", got, err)
	}
	few.traces = all.traces[2:]
	if _, _, err := pickGood(few, set.Trace(3)); err == nil {
		t.Error("a failed trace is picked as good")
	}
}

func TestMoment(t *testing.T) {
	local := time.Local
	time.Local = time.FixedZone("elsewhere", 3*3600) // so that times of the wrong zone are seen
	t.Cleanup(func() { time.Local = local })
	set := tracetest.Set(t, "gw a 0ms +1s\n")
	from, _ := set.Bounds()
	clock := views.ClockUTC
	day := time.Unix(0, from).UTC().Format("2006-01-02")
	for text, want := range map[string]string{
		"14:05": day + "T14:05:00Z", "14:05:06.5": day + "T14:05:06.5Z", "2026-01-02 03:04:05": "2026-01-02T03:04:05Z", "2026-01-02T03:04:05+01:00": "2026-01-02T02:04:05Z",
	} {
		got, err := moment(clock, set, text)
		if at := time.Unix(0, got).UTC().Format(time.RFC3339Nano); err != nil || at != want {
			t.Errorf("%s is %s, %v, want %s", text, at, err, want)
		}
	}
	clock = views.ClockLocal
	for text, want := range map[string]string{"14:05": day + "T11:05:00Z", "2026-01-02 03:04:05": "2026-01-02T00:04:05Z"} {
		got, err := moment(clock, set, text)
		if at := time.Unix(0, got).UTC().Format(time.RFC3339Nano); err != nil || at != want {
			t.Errorf("%s of the local zone is %s, %v, want %s", text, at, err, want)
		}
	}
	if _, err := moment(clock, set, "noon"); err == nil {
		t.Error("noon is a time")
	}
}
