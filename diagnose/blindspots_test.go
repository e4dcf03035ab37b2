package diagnose

import (
	"context"
	"slices"
	"strings"
	"testing"

	"tracefall/sources/trace"
	"tracefall/sources/tracetest"
)

func TestBlindSpotsOfTheFile(t *testing.T) {
	set := tracetest.Set(t, `
trace 1
web "GET /x" 0ms +100ms kind=server resource.host.name=h1
  web "SELECT likes" 10ms +1ms repeat=200 every=10us kind=client db.system=postgresql db.operation=SELECT db.sql.table=likes
trace 2
web "GET /x" 0ms +100ms kind=server resource.host.name=h1
  web "SELECT likes" 10ms +1ms repeat=12 kind=client db.system=postgresql db.operation=SELECT db.sql.table=likes
  web GET 50ms +1ms kind=client http.request.method=GET url.full=http://users:8080/users http.response.status_code=200
  web render 60ms +1ms
`)
	r, err := Run(context.Background(), set, Options{})
	if err != nil {
		t.Fatal(err)
	}
	want := []BlindSpot{
		{"n-plus-one", "no db.query.text on 212 SQL spans: N+1 cannot see parameters"},
		{"redundant-calls", "no db.query.text on 212 SQL spans: neither statements nor rows can be compared"},
		{"lost-update", "no db.query.text on 212 SQL spans: neither statements nor rows can be compared"},
		{"edge-gap", "the only call has no serving span: caller and callee cannot be compared"},
		{"bad-instance", "no instance named by 1 of 2 resources: instances cannot be compared"},
		{"edge-gap", "no kind on 1 of 216 spans: who called and who served was inferred"},
	}
	if !slices.Equal(r.BlindSpots, want) {
		t.Errorf("got %q\nwant %q", r.BlindSpots, want)
	}
}

// TestBlindnessOfQuality: what readers and SDKs count is told, each with whom it makes blind.
func TestBlindnessOfQuality(t *testing.T) {
	b := blindness{traces: 2, rootless: 1, manyRoots: 2, quality: trace.Quality{
		Orphans: 3, Collisions: 1, Cycles: 1, RepairedTimes: 2, Unfinished: 1, FullAttrs: 4, CutStatements: 5,
		DroppedAttrs: 6, DroppedLinks: 1, Partial: true,
	}}
	var got []string
	for _, r := range b.reasons(Detectors()) {
		got = append(got, strings.Join(r.detectors, " ")+" | "+r.fact+" | "+r.effect)
	}
	want := []string{
		"bottleneck | the backend calls the trace incomplete | time of missing spans counts as their parents' own",
		"lost-context | 3 spans whose parent is missing | the critical path does not go through them",
		"bottleneck | the first span of 1 trace is missing | how long the request took is not known",
		"lost-context | several first spans of 2 traces | which of them the others belong to is not known",
		"sensitive-data | the SDKs dropped 6 attributes, 1 link | what these held is not seen",
		"sensitive-data | 4 spans with exactly 128 attributes, the SDKs' limit | further ones may have been left out",
		"redundant-calls | 5 statements cut off | they are not compared",
		"timeout-wait | 1 span without an end | how long it lasted is not known",
		"clock-skew | 2 spans whose times could not be right | repaired times prove nothing about clocks",
		"lost-context | 2 spans whose id or parent could not be right | they may hang in the wrong place",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}
