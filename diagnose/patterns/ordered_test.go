package patterns_test

import (
	"testing"

	"tracefall/diagnose/factstest"
	"tracefall/diagnose/patterns"
	"tracefall/sources/tracetest"
)

func TestOrdered(t *testing.T) {
	for _, test := range []struct {
		name, text string
		want       bool // the span named a before the one named b
	}{
		{"one host", `
			gw root 0ms +100ms kind=server
			  gw a 10ms +10ms
			  gw b 20ms +10ms`, true},
		{"one host, overlapping", `
			gw root 0ms +100ms kind=server
			  gw a 10ms +11ms
			  gw b 20ms +10ms`, false},
		{"two hosts, by the calls of a third", `
			gw root 0ms +100ms kind=server
			  gw call 10ms +10ms kind=client
			    one a 14ms +1ms kind=server
			  gw call 21ms +20ms kind=client
			    two b 22ms +15ms kind=server`, true},
		{"the same, where the first call was not waited for", `
			gw root 0ms +100ms kind=server
			  gw call 10ms +10ms kind=producer
			    one a 11ms +8ms kind=consumer
			  gw call 21ms +20ms kind=client
			    two b 22ms +15ms kind=server`, false},
		{"by what the first host called next", `
			gw root 0ms +100ms kind=server
			  gw a 10ms +10ms kind=client
			  gw call 21ms +20ms kind=client
			    two b 22ms +15ms kind=server`, true},
		{"two hosts that nothing compares", `
			gw root 0ms +100ms kind=server
			  one a 10ms +10ms kind=internal
			  two b 30ms +10ms kind=internal`, false},
		{"two hosts, by less than their clocks leave open", `
			gw root 0ms +100ms kind=server
			  one a 10ms +10ms kind=server
			  two b 30ms +10ms kind=server`, false},
		{"two hosts, by more than their clocks leave open", `
			gw root 0ms +100ms kind=server
			  gw call 1ms +13ms kind=client
			    one ping 2ms +11ms kind=server
			  gw call 81ms +13ms kind=client
			    two ping 82ms +11ms kind=server
			  one a 10ms +10ms kind=internal
			  two b 30ms +10ms kind=internal`, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			set := tracetest.Set(t, test.text)
			f := factstest.Of(set)[0]
			a, b := -1, -1
			for i := range f.Trace.Len() {
				switch f.Trace.Span(i).Name() {
				case "a":
					a = i
				case "b":
					b = i
				}
			}
			if got := patterns.Ordered(f, a, b); got != test.want {
				t.Errorf("a before b: %v, want %v", got, test.want)
			}
			if patterns.Ordered(f, b, a) {
				t.Error("b before a")
			}
		})
	}
}
