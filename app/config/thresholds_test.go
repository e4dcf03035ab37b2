package config

import (
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"tracefall/diagnose"
	"tracefall/diagnose/rule"
	"tracefall/diagnose/rules/repetition"
)

func TestConfigThresholds(t *testing.T) {
	c, err := parse("c.toml", []byte("theme = 'light'\n[diagnose.n-plus-one]\ncount = 7\nunion = \"1 s\"\nshare = 1\n"), commands)
	if err != nil {
		t.Fatal(err)
	}
	want := diagnose.DefaultThresholds()
	calls := rule.ThresholdsOf[repetition.NPlusOneThresholds](want)
	calls.Count, calls.Union, calls.Share = 7, time.Second, 1
	if !reflect.DeepEqual(c.Thresholds, want) {
		t.Errorf("read %+v", c.Thresholds)
	}
	c, err = parse("c.toml", nil, commands)
	if err != nil || c.Thresholds != nil {
		t.Errorf("without thresholds: %v, %v", c.Thresholds, err)
	}
}

func TestConfigThresholdErrors(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"[diagnose.n-plus-two]\ncount = 7\n", `c.toml:1:11: unknown detector "n-plus-two"; did you mean "n-plus-one"?`},
		{"[diagnose.retry-storm]\nattempts = 2\n[diagnose.n-plus-one]\n# many\nconut = 7\n", `c.toml:5:1: unknown threshold "conut" of n-plus-one; did you mean "count"?`},
		{"[diagnose]\nn-plus-one = {  unoin = 7}\n", `c.toml:2:17: unknown threshold "unoin" of n-plus-one; did you mean "union"?`},
		{"diagnose.n-plus-one.count = \"7\"\n", `c.toml:1:21: count of n-plus-one: expected a whole number of 0 or more such as 5, got 7`},
		{"[diagnose.n-plus-one]\ncount = -7\n", `c.toml:2:1: count of n-plus-one: expected a whole number of 0 or more such as 5, got -7`},
		{"[diagnose.n-plus-one]\nunion = 50\n", `c.toml:2:1: union of n-plus-one: expected a duration with its unit such as "50ms", got 50`},
		{"[diagnose.n-plus-one]\nunion = '50'\n", `c.toml:2:1: union of n-plus-one: expected a duration of 0 or more such as "50ms", got "50"`},
		{"[diagnose.n-plus-one]\nshare = 5\n", `c.toml:2:1: share of n-plus-one: expected a share from 0 to 1 such as 0.05, got 5`},
		{"[diagnose.n-plus-one]\nshare = nan\n", `c.toml:2:1: share of n-plus-one: expected a number of 0 or more`},
		{"[diagnose]\nn-plus-one = 5\n", `c.toml:2:1: expected a table [diagnose.n-plus-one]`},
		{"diagnose = 5\n", `c.toml:1:12: `},
		{"[daignose.n-plus-one]\n", `c.toml:1:2: unknown setting "daignose`},
	} {
		_, err := parse("c.toml", []byte(c.text), commands)
		if err == nil || !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("%q:\ngot  %v\nwant %s", c.text, err, c.want)
		} else if strings.Contains(err.Error(), "\n") {
			t.Errorf("%q: the error has several lines: %q", c.text, err)
		}
	}
}

// TestThresholdTags holds every threshold to a name that the configuration can spell, a source, and a unit where the
// value does not show it.
func TestThresholdTags(t *testing.T) {
	for _, th := range ThresholdsOf(diagnose.DefaultThresholds()) {
		if th.Detector == "" || th.Name == "" || th.Source == "" {
			t.Errorf("%s.%s has no name or no source", th.Detector, th.Name)
		}
		switch th.Value.Interface().(type) {
		case time.Duration, bool:
		default:
			if th.Unit == "" {
				t.Errorf("%s.%s = %s has no unit", th.Detector, th.Name, th)
			}
		}
		if !slices.ContainsFunc(diagnose.Detectors(), func(d *rule.Detector) bool { return d.Name == th.Detector }) {
			t.Errorf("no detector %s", th.Detector)
		}
	}
}

func TestSpelt(t *testing.T) {
	for d, want := range map[time.Duration]string{
		50 * time.Millisecond: "50ms", time.Minute: "1m", 90 * time.Second: "1m30s", time.Hour: "1h", 10 * time.Second: "10s", 0: "0s",
	} {
		if got := spelt(d); got != want {
			t.Errorf("%v: %q, want %q", int64(d), got, want)
		}
	}
}
