package facts_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"tracefall/diagnose/facts"
	"tracefall/sources/tracetest"
)

func TestClocks(t *testing.T) {
	const ms = int64(1e6)
	tests := []struct {
		name, text string
		proven     []facts.Skew
		offsets    []int64
	}{
		{
			name: "two seconds behind",
			text: `
				a call 2000ms +100ms kind=client resource.host.name=one
				  b serve 40ms +20ms kind=server resource.host.name=two
				    b work 41ms +10ms resource.host.name=two
				a call 3000ms +100ms kind=client resource.host.name=one
				  b serve 1010ms +80ms kind=server resource.host.name=two`,
			proven:  []facts.Skew{{A: "one", B: "two", Offset: 2000 * ms, Error: 10 * ms, Calls: 2}},
			offsets: []int64{0, 0, 2000 * ms, 2000 * ms, 0, 2000 * ms},
		},
		{
			name: "bounds that contain zero claim nothing",
			text: `
				a call 0ms +100ms kind=client resource.host.name=one
				  b serve 1ms +20ms kind=server resource.host.name=two`,
		},
		{
			name: "a consumer ten seconds later is no skew",
			text: `
				a send 0ms +1ms kind=producer resource.host.name=one
				  b handle 10s +1ms kind=consumer resource.host.name=two`,
		},
		{
			name: "one host has one clock",
			text: `
				a call 1s +100ms kind=client resource.host.name=one
				  b serve 0ms +20ms kind=server resource.host.name=one`,
		},
		{
			name: "calls that contradict each other claim nothing",
			text: `
				a call 1s +10ms kind=client resource.host.name=one
				  b serve 0ms +5ms kind=server resource.host.name=two
				a call 2s +10ms kind=client resource.host.name=one
				  b serve 3s +5ms kind=server resource.host.name=two`,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := tracetest.Set(t, tt.text)
			c := facts.NewClocks(s)
			got := c.Proven()
			for i := range got {
				got[i].Since = 0
			}
			if diff := cmp.Diff(tt.proven, got); diff != "" {
				t.Errorf("proven (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(tt.offsets, c.Offsets(s.Trace(0))); diff != "" {
				t.Errorf("offsets (-want +got):\n%s", diff)
			}
		})
	}
}
