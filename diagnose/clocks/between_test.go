package clocks_test

import (
	"testing"

	"tracefall/diagnose/clocks"
	"tracefall/sources/tracetest"
)

func TestBetween(t *testing.T) {
	const ms = int64(1e6)
	s := tracetest.Set(t, `
		a call 2000ms +100ms kind=client resource.host.name=one
		  b serve 40ms +80ms kind=server resource.host.name=two
		a call 3000ms +100ms kind=client resource.host.name=one
		  c serve 3004ms +90ms kind=server resource.host.name=three
		d alone 0ms +1ms resource.host.name=four`)
	c := clocks.New(s)
	resource := func(service string) int {
		for i := range s.Resources() {
			if s.Resource(i).Service() == service {
				return i
			}
		}
		t.Fatalf("no resource of %s", service)
		return -1
	}
	for _, tt := range []struct {
		a, b                string
		offset, uncertainty int64
		ok                  bool
	}{
		{"a", "b", 1970 * ms, 10 * ms, true},
		{"b", "a", -1970 * ms, 10 * ms, true},
		{"a", "c", 0, 6 * ms, true},
		{"c", "b", 1969 * ms, 15 * ms, true}, // −6 … 4 to be on a, 1960 … 1980 from there
		{"a", "a", 0, 0, true},
		{"a", "d", 0, 0, false},
	} {
		offset, uncertainty, ok := c.Between(s.Resource(resource(tt.a)), s.Resource(resource(tt.b)), tracetest.Epoch)
		if offset != tt.offset || uncertainty != tt.uncertainty || ok != tt.ok {
			t.Errorf("Between(%s, %s) = %d, %d, %v, want %d, %d, %v", tt.a, tt.b, offset/ms, uncertainty/ms, ok, tt.offset/ms, tt.uncertainty/ms, tt.ok)
		}
	}
}
