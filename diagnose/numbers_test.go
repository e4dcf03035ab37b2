package diagnose

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"tracefall/diagnose/rule"
	"tracefall/sources/tracetest"
)

// TestNumbersOfGroups: a finding about several spans has the times of all of them.
func TestNumbersOfGroups(t *testing.T) {
	found := findingsOf(t, tracetest.Set(t, `
api "GET /x" 0ms +100ms kind=server
  api POST 1ms +9ms repeat=3 every=10ms kind=client http.request.method=POST url.full="http://pay:8080/charge?n={i}" http.response.status_code=400 error=odd`))
	f := found["error-origin"]
	if f == nil || f.Numbers.Count != 3 || f.Numbers.Sum != 27e6 || f.Numbers.Union != 27e6 || f.Numbers.Critical != 27e6 {
		t.Errorf("error origin: %+v", f)
	}
	found = findingsOf(t, tracetest.Set(t, `
trace 01
shop send 0ms +10ms kind=producer messaging.system=kafka messaging.destination.name=orders
  fulfil process 2010ms +10ms kind=consumer messaging.system=kafka messaging.destination.name=orders
trace 02
shop send 0ms +10ms kind=producer messaging.system=kafka messaging.destination.name=orders
  fulfil process 9010ms +10ms kind=consumer messaging.system=kafka messaging.destination.name=orders
trace 03
shop send 0ms +10ms kind=producer messaging.system=kafka messaging.destination.name=orders
  fulfil process 4010ms +10ms kind=consumer messaging.system=kafka messaging.destination.name=orders`))
	if f := found["queue-lag"]; f == nil || f.Numbers.Count != 3 || f.Numbers.Sum != 15e9 {
		t.Errorf("queue lag: %+v", f)
	}
}

// TestNumbersBeyondEvidence: a finding points at some of very many spans, and has the numbers of all. What is avoidable is
// held against all traces that it is about.
func TestNumbersBeyondEvidence(t *testing.T) {
	const traces = rule.MostEvidence + 100
	var b strings.Builder
	for n := range traces {
		fmt.Fprintf(&b, "trace %04x\nshop \"POST /orders\" %ds +2s kind=server\n  shop Get %ds +1s kind=client rpc.system=grpc rpc.service=Stock rpc.method=Get error.type=ECONNREFUSED error=refused\n", n+1, 2*n, 2*n)
	}
	f := findingsOf(t, tracetest.Set(t, b.String()))["no-fast-fail"]
	if f == nil || f.Numbers.Count != traces || f.Numbers.Sum != traces*1e9 || f.Numbers.Critical != traces*1e9 || f.Numbers.Avoidable != (traces-5)*1e9 {
		t.Fatalf("no fast fail: %+v", f)
	}
	if n := f.Count(rule.RoleOffender); n != rule.MostEvidence {
		t.Errorf("it points at %d spans", n)
	}
	if want := float64(traces-5) / (2 * traces); math.Abs(f.Weight-want) > 1e-9 {
		t.Errorf("it weighs %g, want %g", f.Weight, want)
	}
}

// TestMeanOfYears: the mean of how far many times are off fits, their sum need not.
func TestMeanOfYears(t *testing.T) {
	var b strings.Builder
	for n := range 30 {
		at := "0h"
		if n < 8 {
			at = "-438000h" // fifty years
		}
		fmt.Fprintf(&b, "trace %04x\nshop load %s +1s\n", n+1, at)
	}
	f := findingsOf(t, tracetest.Set(t, b.String()))["clock-skew"]
	if f == nil || f.Numbers.Count != 8 || f.Numbers.More[0].Name != "offset_nano" || f.Numbers.More[0].Value != -438000*3600e9 {
		t.Errorf("clock skew: %+v", f)
	}
}
