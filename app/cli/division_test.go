package cli

import (
	"testing"
	"time"

	"tracefall/sources/tracetest"
	"tracefall/views"
)

func TestMoment(t *testing.T) {
	local := time.Local
	time.Local = time.FixedZone("elsewhere", 3*3600) // so that times of the wrong zone are seen
	t.Cleanup(func() { time.Local = local })
	set := tracetest.Set(t, "gw a 0ms +1s\n")
	from, _ := set.Bounds()
	clock := views.ClockUTC
	day := time.Unix(0, from).UTC().Format("2006-01-02")
	for text, want := range map[string]string{
		"14:05": day + "T14:05:00Z", "14:05:06.5": day + "T14:05:06.5Z", "2026-01-02 03:04:05": "2026-01-02T03:04:05Z", "2026-01-02T03:04:05+01:00": "2026-01-02T02:04:05Z",
	} {
		got, err := moment(clock, set, text)
		if at := time.Unix(0, got).UTC().Format(time.RFC3339Nano); err != nil || at != want {
			t.Errorf("%s is %s, %v, want %s", text, at, err, want)
		}
	}
	clock = views.ClockLocal
	for text, want := range map[string]string{"14:05": day + "T11:05:00Z", "2026-01-02 03:04:05": "2026-01-02T00:04:05Z"} {
		got, err := moment(clock, set, text)
		if at := time.Unix(0, got).UTC().Format(time.RFC3339Nano); err != nil || at != want {
			t.Errorf("%s of the local zone is %s, %v, want %s", text, at, err, want)
		}
	}
	if _, err := moment(clock, set, "noon"); err == nil {
		t.Error("noon is a time")
	}
}
