package timeline

import "testing"

func TestWindowsStayWithinTheTrace(t *testing.T) {
	whole := Window{10_000, 90_000}
	for _, test := range []struct{ in, want Window }{
		{Window{20_000, 30_000}, Window{20_000, 30_000}},
		{Window{0, 20_000}, Window{10_000, 30_000}},
		{Window{80_000, 100_000}, Window{70_000, 90_000}},
		{Window{0, 200_000}, whole},
		{Window{50_000, 50_001}, Window{50_000, 51_000}},
		{Window{89_999, 90_000}, Window{89_000, 90_000}},
	} {
		if got := test.in.Within(whole); got != test.want {
			t.Errorf("%+v within %+v is %+v, want %+v", test.in, whole, got, test.want)
		}
	}
	if got := (Window{0, 5}).Within(Window{0, 7}); got != (Window{0, 7}) {
		t.Errorf("the window of a trace of 7 ns is %+v", got)
	}
}
