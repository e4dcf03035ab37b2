package flat

import (
	"math"
	"os"
	"strings"
	"testing"
	"time"
)

func TestScale(t *testing.T) {
	for _, c := range []struct {
		digits string
		unit   Unit
		want   int64
		ok     bool
	}{
		{"1772460131.123456789", Seconds, 1772460131123456789, true},
		{"1772460131.1234567899", Seconds, 1772460131123456789, true},
		{"-1.5", Milliseconds, -1_500_000, true},
		{"-0.5", Seconds, -500_000_000, true},
		{"5.9", Nanoseconds, 5, true},
		{"1.5e3", Microseconds, 1_500_000, true},
		{"1e300", Seconds, math.MaxInt64, true},
		{"-1e300", Seconds, -math.MaxInt64, true},
		{"9223372036854775807", Seconds, math.MaxInt64, true},
		{"1.x", Seconds, 0, false},
		{"", Seconds, 0, false},
		{"NaN", Seconds, 0, false},
	} {
		if got, ok := Scale([]byte(c.digits), c.unit); got != c.want || ok != c.ok {
			t.Errorf("Scale(%q, %s) = %d, %v, want %d, %v", c.digits, c.unit, got, ok, c.want, c.ok)
		}
	}
}

func TestParseTime(t *testing.T) {
	for text, want := range map[string]string{
		"2026-03-02T14:02:11Z":                    "2026-03-02T14:02:11Z",
		"2026-03-02T14:02:11.5Z":                  "2026-03-02T14:02:11.5Z",
		"2026-03-02 14:02:11,123456789":           "2026-03-02T14:02:11.123456789Z",
		"2026-03-02T14:02:11.123456789123+02:00":  "2026-03-02T12:02:11.123456789Z",
		"2026-03-02 14:02:11-0530":                "2026-03-02T19:32:11Z",
		"2026-03-02 14:02:11+00":                  "2026-03-02T14:02:11Z",
		"2026-03-02 14:02:11.5 UTC":               "2026-03-02T14:02:11.5Z",
		"2026-03-02 14:02:11.5 +0000 UTC":         "2026-03-02T14:02:11.5Z",
		"2026-03-02":                              "",
		"2026-13-02T14:02:11Z":                    "",
		"2026-03-02T14:02:11 CET":                 "",
		"2026-03-02T14:02:11+99:00":               "",
		"9999-03-02T14:02:11Z":                    "",
		"0001-01-01T00:00:00Z":                    "",
		"2026-03-02x14:02:11Z and something more": "",
	} {
		ns, _, ok := ParseTime(text)
		got := ""
		if ok {
			got = time.Unix(0, ns).UTC().Format(time.RFC3339Nano)
		}
		if got != want {
			t.Errorf("ParseTime(%q) = %q, want %q", text, got, want)
		}
	}
}

func TestParseDuration(t *testing.T) {
	for text, want := range map[string]time.Duration{
		"1.5ms": 1500 * time.Microsecond, "100 ms": 100 * time.Millisecond, "2m3s": 123 * time.Second, "250µs": 250 * time.Microsecond,
		"PT0.1S": 100 * time.Millisecond, "PT1M2S": 62 * time.Second, "00:00:00.1000000": 100 * time.Millisecond,
		"1.02:03:04": 26*time.Hour + 3*time.Minute + 4*time.Second, "3 seconds": 3 * time.Second, "7 usec": 7 * time.Microsecond,
		"5": -1, "": -1, "soon": -1, "1:2": -1, "a:b:c": -1, "ms": -1,
	} {
		got, ok := ParseDuration(text)
		if !ok {
			got = -1
		}
		if got != int64(want) {
			t.Errorf("ParseDuration(%q) = %d, want %d", text, got, want)
		}
	}
}

func TestParseMoment(t *testing.T) {
	const at = 1772460131_500000000
	for text, ok := range map[string]bool{
		`[1772460131, 500000000]`:                          true,
		`{"seconds":"1772460131","nanos":500000000}`:       true,
		`{ "nanos": 500000000, "epochSecond": 1772460131}`: true,
		`{"$date":"2026-03-02T14:02:11.5Z"}`:               true,
		`{"$date":1772460131500}`:                          true,
		`{"seconds":5}`:                                    false,
		`[]`:                                               false,
		`[1,2,3]`:                                          false,
		`{`:                                                false,
	} {
		if got, found := ParseMoment(text); found != ok || ok && got != at {
			t.Errorf("ParseMoment(%s) = %d, %v", text, got, found)
		}
	}
}

func TestMatch(t *testing.T) {
	for _, c := range []struct {
		field Field
		key   string
		unit  Unit
		ok    bool
	}{
		{Trace, "traceID", 0, true}, {Trace, "Trace-Id", 0, true}, {Trace, "trace.trace_id", 0, true}, {Trace, "traceparent", 0, false},
		{Start, "start_time_unix_nano", Nanoseconds, true}, {Start, "StartTimeMs", Milliseconds, true}, {Start, "timestamp.us", Microseconds, true},
		{Start, "startTimeMillis", Milliseconds, true}, {Start, "ts", 0, true}, {Start, "start_s", Seconds, true}, {Start, "starts", 0, false},
		{Duration, "Duration (ms)", Milliseconds, true}, {Duration, "durationInNanos", Nanoseconds, true}, {Duration, "elapsed_s", Seconds, true},
		{Duration, "durationns", Nanoseconds, true}, {Duration, "durations", 0, false}, {Duration, "latency_seconds", Seconds, true},
		{Parent, "parentSpanId", 0, true}, {Parent, "ParentID", 0, true}, {Service, "service.name", 0, true}, {Service, "services", 0, false},
	} {
		rank, unit := c.field.match(c.key)
		if rank >= 0 != c.ok || c.ok && unit != c.unit {
			t.Errorf("%s.match(%q) = %d, %s", titles[c.field], c.key, rank, unit)
		}
	}
}

// TestDialectsHaveFiles checks that what is known by name is in the files that the reader's test opens.
func TestDialectsHaveFiles(t *testing.T) {
	expect, err := os.ReadFile("../../testdata/flat/expect.txt")
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range dialects {
		name := strings.TrimPrefix(strings.TrimPrefix(d.name, "an "), "a ")
		if !strings.Contains(string(expect), name) {
			t.Errorf("no file of testdata/flat is recognised as %s", d.name)
		}
	}
}

func TestParseKeyMap(t *testing.T) {
	good := map[string]string{"trace": "t", "span": "s", "name": "n", "start": "b", "end": "e", "start_unit": "ms"}
	km, _, err := ParseKeyMap("mine", good)
	if err != nil || km.Keys[Trace] != "t" || km.Keys[End] != "e" || km.Units[Start] != Milliseconds || km.Units[End] != 0 {
		t.Errorf("%+v, %v", km, err)
	}
	for _, s := range Settings() {
		if !strings.HasSuffix(s, "_unit") && settingField(s) == None {
			t.Errorf("%s names no field", s)
		}
	}
	delete(good, "end")
	if _, setting, err := ParseKeyMap("mine", good); err == nil || setting != "" {
		t.Errorf("a format without an end or a duration: %q, %v", setting, err)
	}
}
