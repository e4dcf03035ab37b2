package session

import (
	"strings"
	"testing"

	"tracefall/sources/tracetest"
)

func TestFindTrace(t *testing.T) {
	set := tracetest.Set(t, `
trace 0af7651916cd43dd8448eb211c80319c
gw "long" 0ms +1ms
trace 00000000000000008448eb211c80319c
old "short" 0ms +1ms
trace 1111111111111111aaaabbbbccccdddd
one "first of two" 0ms +1ms
trace 2222222222222222aaaabbbbccccdddd
two "second of two" 0ms +1ms
trace 3333333333333333000000009999999f
three "alone" 0ms +1ms
trace 0000000000000000000d1f2e3d4c5b6a
four "a number" 0ms +1ms
`)
	tests := []struct{ text, want string }{
		{"00000000000000008448eb211c80319c", "short"},
		{"8448eb211c80319c", "short"},
		{"8448EB211C80319C", "short"},
		{"trace_id=8448eb211c80319c span_id=1", "short"},
		{"X-B3-TraceId: 00000000000000008448eb211c80319c", "short"},
		{"0af7651916cd43dd8448eb211c80319c", "long"},
		{"0af76519", "long"},
		{"af765191", "long"}, // as the screen shows it
		{"000000009999999f", "alone"},
		{"d1f2e3d4c5b6a", "a number"},
		{"dd.trace_id=3693458154609514", "a number"},
		{"aaaabbbbccccdddd", "error: aaaabbbbccccdddd is the end of several trace ids: 1111111111111111aaaabbbbccccdddd, 2222222222222222aaaabbbbccccdddd; use the full id"},
		{"0000000000000000aaaabbbbccccdddd", "error: aaaabbbbccccdddd is the end of several"},
		{"0000", "error: 0000 is the beginning of several trace ids: 0000000000000000000d1f2e3d4c5b6a, 00000000000000008448eb211c80319c; use"},
		{"ffffffffffffffffffffffffffffffff", "error: no trace ffffffffffffffffffffffffffffffff among 6 traces"},
	}
	for _, tt := range tests {
		tr, _, err := FindTrace(set, tt.text)
		got := "error: "
		if err != nil {
			got += err.Error()
		} else {
			got = tr.Root().Name()
		}
		if got != tt.want && !(strings.HasPrefix(tt.want, "error: ") && strings.HasPrefix(got, tt.want)) {
			t.Errorf("%s: got %s, want %s", tt.text, got, tt.want)
		}
	}
}
