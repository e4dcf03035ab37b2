package population

import "testing"

func TestKeptShare(t *testing.T) {
	for _, tt := range []struct {
		state string
		share float64
		ok    bool
	}{
		{"ot=th:c", 0.25, true},
		{"vendor=1, ot=rv:6e6d1a75832a2f;th:8", 0.5, true},
		{"ot=th:0", 1, true},
		{"ot=th:fd70a4", 0.01, true},
		{"ot=th:xyz", 0, false},
		{"ot=th:", 0, false},
		{"rojo=00f067aa0ba902b7", 0, false},
		{"", 0, false},
	} {
		share, ok := keptShare(tt.state)
		if ok != tt.ok || share < tt.share-1e-4 || share > tt.share+1e-4 {
			t.Errorf("%q keeps %v, %v; want %v, %v", tt.state, share, ok, tt.share, tt.ok)
		}
	}
}
