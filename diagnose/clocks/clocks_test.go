package clocks_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"tracefall/diagnose/clocks"
	"tracefall/sources/tracetest"
)

func TestClocks(t *testing.T) {
	const ms = int64(1e6)
	tests := []struct {
		name, text string
		proven     []clocks.Skew
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
			proven:  []clocks.Skew{{A: "one", B: "two", Offset: 2000 * ms, Error: 10 * ms, Calls: 2}},
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
		{
			name: "work that nobody promised to wait for proves nothing by being late",
			text: `
				a root 0ms +9ms
				  b late 12ms +2ms kind=server`,
		},
		{
			name: "a call of another time zone's host is of the same ten minutes",
			text: `
				a call 0ms +100ms kind=client
				  b serve -7200s +80ms kind=server
				    b call -7199.99s +60ms kind=client
				      c serve 20ms +40ms kind=server`,
			proven: []clocks.Skew{
				{A: "a", B: "b", Offset: 7200*1000*ms + 10*ms, Error: 10 * ms, Calls: 1},
				{A: "b", B: "c", Offset: -7200*1000*ms + -20*ms + 10*ms + 10*ms, Error: 10 * ms, Calls: 1},
			},
			offsets: []int64{0, 7200*1000*ms + 10*ms, 7200*1000*ms + 10*ms, 10 * ms},
		},
		{
			// cart is 1 s ahead. By the gateway alone it would be -1015 ms, where it would answer stock's call before it was made.
			name: "an offset is held to all hosts that agree",
			text: `
				gateway all 0ms +200ms kind=server
				  gateway call 0ms +100ms kind=client
				    cart serve 1020ms +60ms kind=server
				      cart call 1030ms +20ms kind=client
				        stock serve 45ms +5ms kind=server
				  gateway call 100ms +100ms kind=client
				    stock serve 110ms +20ms kind=server`,
			proven: []clocks.Skew{
				{A: "gateway", B: "cart", Offset: -1000 * ms, Error: 20 * ms, Calls: 1},
				{A: "cart", B: "stock", Offset: 992_500_000, Error: 7_500_000, Calls: 1},
			},
			offsets: []int64{0, 0, -992_500_000, -992_500_000, 0, 0, 0},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := tracetest.Set(t, tt.text)
			c := clocks.New(s)
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
