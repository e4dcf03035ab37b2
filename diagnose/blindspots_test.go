package diagnose

import (
	"context"
	"slices"
	"testing"

	"tracefall/diagnose/rule"
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
	want := []rule.BlindSpot{
		{Detector: "n-plus-one", Reason: "SQL statement not recorded (212 spans): cannot see parameters"},
		{Detector: "redundant-calls", Reason: "SQL statement not recorded (212 spans): cannot compare statements or rows"},
		{Detector: "lost-update", Reason: "SQL statement not recorded (212 spans): cannot compare statements or rows"},
		{Detector: "edge-gap", Reason: "no server spans for 1 call: cannot compare client and server spans"},
		{Detector: "bad-instance", Reason: "instance not recorded (1 of 2 resources): cannot compare instances"},
		{Detector: "edge-gap", Reason: "span kind not recorded (1 of 216 spans): client and server inferred"},
	}
	if !slices.Equal(r.BlindSpots, want) {
		t.Errorf("got %q\nwant %q", r.BlindSpots, want)
	}
}
