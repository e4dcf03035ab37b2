package sources

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestShopAsOTLP(t *testing.T) {
	want := describeSet(open(t, Options{}, shop(t, "shop.otlp.json")))
	if len(want) != 62 {
		t.Fatalf("%d spans, want 62", len(want))
	}
	for _, names := range [][]string{
		{"shop.otlp.jsonl"}, {"shop.part1.jsonl", "shop.part2.jsonl"}, {"shop.part2.jsonl", "shop.part1.jsonl"}, {"shop.concat.json"},
		{"shop.snake.json"}, {"shop.snake-protojson.json"}, {"shop.apiv3.json"}, {"shop.apiv3-chunks.json"}, {"shop.tempo.json"},
		{"shop.tempo-v2.json"}, {"shop.otlp.json.gz"}, {"shop.otlp.jsonl.zst"},
	} {
		paths := make([]string, len(names))
		for i, name := range names {
			paths[i] = shop(t, name)
		}
		set := open(t, Options{}, paths...)
		if diff := cmp.Diff(want, describeSet(set)); diff != "" {
			t.Errorf("%v (-otlp +it):\n%s", names, diff)
		}
		if partial := set.Trace(0).Quality().Partial; partial != (names[0] == "shop.tempo-v2.json") {
			t.Errorf("%v: partial %v", names, partial)
		}
	}
}

func TestShopAsJaeger(t *testing.T) {
	want := asJaegerCanTell(describeSet(open(t, Options{}, shop(t, "shop.otlp.json"))))
	for _, name := range []string{"shop.jaeger.json", "shop.jaeger-array.json", "shop.jaeger.jsonl"} {
		if diff := cmp.Diff(want, asJaegerCanTell(describeSet(open(t, Options{}, shop(t, name))))); diff != "" {
			t.Errorf("%s (-otlp +it):\n%s", name, diff)
		}
	}
}

// asJaegerCanTell takes out of descriptions what Jaeger's JSON does not carry, and the order: there the service's
// name comes first.
func asJaegerCanTell(spans []string) []string {
	drop := regexp.MustCompile(`(?m)\n +(scope "|link ").* = .*$| remote=(true|false)\b`)
	for i, s := range spans {
		lines := strings.Split(drop.ReplaceAllString(strings.ReplaceAll(s, " = json ", " = string "), ""), "\n")
		slices.Sort(lines)
		spans[i] = strings.Join(lines, "\n")
	}
	return spans
}

// TestIncidentsInTwoFormats compares every incident that is there as OTLP and as Jaeger JSON.
func TestIncidentsInTwoFormats(t *testing.T) {
	files, err := filepath.Glob("../testdata/incidents/*.jaeger.json")
	if err != nil || len(files) == 0 {
		t.Fatal("the incidents are not there: ", err)
	}
	for _, jaeger := range files {
		name := strings.TrimSuffix(jaeger, ".jaeger.json")
		if _, err := os.Stat(name + ".old.otlp.json"); err != nil {
			continue
		}
		want, got := open(t, Options{}, name+".old.otlp.json"), open(t, Options{}, jaeger)
		if diff := cmp.Diff(asJaegerCanTell(describeSet(want)), asJaegerCanTell(describeSet(got))); diff != "" {
			t.Errorf("%s (-otlp +jaeger):\n%s", filepath.Base(name), diff)
		}
	}
}
