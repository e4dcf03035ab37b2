package diagnose

import (
	"context"
	"slices"
	"testing"

	"tracefall/diagnose/rules/capacity"
	"tracefall/diagnose/rules/failures"
	"tracefall/diagnose/rules/waiting"
	"tracefall/sources/tracetest"
)

// TestAbsorb: errors that a finding of the file explains are not told once more for each trace; others are.
func TestAbsorb(t *testing.T) {
	set := tracetest.Set(t, `
trace 01
a "GET /a" 0ms +16ms kind=server http.response.status_code=500
  a get 3ms +2ms kind=client server.address=redis server.port=6379 error="connection refused"
trace 02
b "GET /b" 1000ms +16ms kind=server http.response.status_code=500
  b get 1003ms +2ms kind=client server.address=redis server.port=6379 error="connection refused"
trace 03
c "GET /c" 2000ms +16ms kind=server http.response.status_code=500
  c get 2003ms +2ms kind=client server.address=redis server.port=6379 error="connection refused"
trace 04
d "GET /d" 3000ms +16ms kind=server http.response.status_code=500
  d render 3003ms +2ms error="no such template"`)
	r, err := Run(context.Background(), set, Options{})
	if err != nil {
		t.Fatal(err)
	}
	var origins []string
	for i := range r.Findings {
		switch f := &r.Findings[i]; f.Detector {
		case failures.ErrorOrigin.Name:
			origins = append(origins, f.Service)
		case failures.SharedDependency.Name:
			if !slices.Equal(f.Also, []string{failures.ErrorOrigin.Name}) {
				t.Errorf("shared-dependency absorbed %v, want %s", f.Also, failures.ErrorOrigin.Name)
			}
		}
	}
	if !slices.Equal(origins, []string{"d"}) {
		t.Errorf("error origins of %v, want d alone", origins)
	}
	if got := r.Of(set.Trace(1)); len(got) == 0 || got[0].Detector != failures.SharedDependency.Name {
		t.Errorf("the first finding of the second trace is %v, want shared-dependency", got)
	}
}

// TestAbsorbSlowQuery: a statement that was slow because it waited for a lock is told once; where the time of the
// trace went is told all the same.
func TestAbsorbSlowQuery(t *testing.T) {
	set := tracetest.Set(t, `
trace 01
api "POST /a" 0ms +40ms kind=server
  api lock 1ms +4ms repeat=6 kind=client db.system=mysql db.statement="SELECT GET_LOCK('x', 10)"
trace 02
api "POST /a" 1000ms +2s kind=server
  api lock 1001ms +1900ms kind=client db.system=mysql db.statement="SELECT GET_LOCK('x', 10)"`)
	r, err := Run(context.Background(), set, Options{})
	if err != nil {
		t.Fatal(err)
	}
	var told []string
	for _, f := range r.Of(set.Trace(1)) {
		told = append(told, f.Detector+" "+f.Severity.String())
		if f.Detector == capacity.Exhaustion.Name && !slices.Equal(f.Also, []string{waiting.Bottleneck.Name}) {
			t.Errorf("exhaustion absorbed %v, want %s", f.Also, waiting.Bottleneck.Name)
		}
	}
	if !slices.Equal(told, []string{"exhaustion critical", "bottleneck info"}) {
		t.Errorf("told %v, want the lock and where the time went", told)
	}
}
