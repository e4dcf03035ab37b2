package views

import (
	"math"
	"testing"
	"time"
)

func TestClock(t *testing.T) {
	const at = 1_763_647_402_101_000_000 // 2025-11-20 14:03:22.101 UTC
	const later = at + 11*int64(time.Hour)
	zone := time.FixedZone("CET", 3600)
	utc := Clock{Mode: ClockUTC, Zone: zone}
	local := Clock{Mode: ClockLocal, Zone: zone}
	relative := Clock{Mode: ClockRelative, Zero: at}
	for _, test := range []struct{ name, got, want string }{
		{"utc ignores the zone", utc.Time(at), "14:03:22.101"},
		{"local", local.Time(at), "15:03:22.101"},
		{"date", local.DateTime(at), "2025-11-20 15:03:22.101"},
		{"day", utc.DatedTime(at, Days), "11-20 14:03:22.101"},
		{"year", utc.DatedTime(at, Years), "2025-11-20 14:03"},
		{"no date", local.DatedTime(at, NoDates), "15:03:22.101"},
		{"brief", utc.Brief(at, NoDates), "14:03:22"},
		{"brief with the day", utc.Brief(at, Days), "11-20 14:03"},
		{"brief with the year", utc.Brief(at, Years), "2025-11-20"},
		{"brief and relative", relative.Brief(at+1e6, Days), "+1.00 ms"},
		{"relative", relative.Time(at + 1_500_000), "+1.50 ms"},
		{"before the zero", relative.Time(at - 2_000_000_000), "-2.00 s"},
		{"beyond 64 bits", Clock{Mode: ClockRelative, Zero: math.MinInt64}.Time(math.MaxInt64), "+0 s"},
		{"range", utc.Range(at, at+1e9), "14:03:22–14:03:23 UTC"},
		{"range over midnight", utc.Range(at, later), "2025-11-20 14:03:22 – 2025-11-21 01:03:22 UTC"},
		{"relative range", relative.Range(at, at+2e9), "+0 s – +2.00 s"},
		{"zone", local.ZoneName(at), "CET"},
		{"no zone", relative.ZoneName(at), ""},
	} {
		if test.got != test.want {
			t.Errorf("%s: got %q, want %q", test.name, test.got, test.want)
		}
	}
	if utc.Dates(at, later) != Days || utc.Dates(at, at+1e9) != NoDates || relative.Dates(at, later) != NoDates || utc.Dates(at, at+60*24*int64(time.Hour)) != Years {
		t.Error("Dates: a day ends at midnight of the zone, a year with its last day; relative times have none")
	}
}
