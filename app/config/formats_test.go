package config

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tracefall/sources"
)

const ownFormat = `
[format.mine]
trace = "tid"
span = "ctx.sid"
parent = "ctx.pid"
name = "what"
start = "t0"
start_unit = "ms"
duration = "d"
duration_unit = "us"
service = "who"
error = "bad"
`

func TestOwnFormatOpens(t *testing.T) {
	c, err := parse("c.toml", []byte(ownFormat), commands)
	if err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(t.TempDir(), "mine.jsonl")
	text := `{"tid":"a1","ctx":{"sid":"01","pid":null},"what":"root","t0":1767225600000,"d":100000,"who":"shop","bad":true,"x":1}
{"tid":"a1","ctx":{"sid":"02","pid":"01"},"what":"child","t0":1767225600010,"d":50000,"who":"db","bad":false,"x":2}
`
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	r, err := sources.Open(t.Context(), []string{name}, sources.Options{Formats: c.Formats})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Set.Close()
	if r.Set.Len() != 1 || r.Set.SpanCount() != 2 {
		t.Fatalf("%d traces, %d spans", r.Set.Len(), r.Set.SpanCount())
	}
	root, child := r.Set.Trace(0).Span(0), r.Set.Trace(0).Span(1)
	if root.Name() != "root" || root.Duration() != 100e6 || root.Service() != "shop" || !root.Error() || root.Start() != 1767225600e9 {
		t.Errorf("root: %q %d %q %v %d", root.Name(), root.Duration(), root.Service(), root.Error(), root.Start())
	}
	if child.Name() != "child" || child.Duration() != 50e6 || child.Service() != "db" || child.Error() || child.Depth() != 1 {
		t.Errorf("child: %q %d %q %v depth %d", child.Name(), child.Duration(), child.Service(), child.Error(), child.Depth())
	}
	if _, err := sources.Open(t.Context(), []string{name}, sources.Options{}); err == nil {
		t.Error("the file opens without its format: the test proves nothing")
	}
}

func TestFormatErrors(t *testing.T) {
	with := func(from, to string) string { return strings.Replace(ownFormat, from, to, 1) }
	for _, c := range []struct{ text, want string }{
		{with(`span =`, `spam =`), `c.toml:4:1: unknown setting "spam" of format mine; did you mean "span"?`},
		{with(`"ms"`, `"minutes"`), `c.toml:8:1: start_unit of format mine: unknown unit "minutes": expected one of ns, us, ms, s`},
		{with(`name = "what"`, ``), `c.toml:2:9: format mine: name is missing: a format needs trace, span, name, start, and duration or end`},
		{with(`"tid"`, `7`), `c.toml:3:1: trace of format mine: expected text in quotes, got 7`},
		{with(`"tid"`, `""`), `c.toml:3:1: trace of format mine: expected a key such as "trace_id", got ""`},
		{with("duration = \"d\"\n", ""), `c.toml:9:1: duration_unit of format mine: duration_unit without duration`},
		{"[format]\nmine = 'x'\n", `c.toml:2:1: expected a table [format.mine]`},
		{with("start = \"t0\"\nstart_unit = \"ms\"\n", ""), `c.toml:2:9: format mine: times are missing: a format needs two of start, end and duration`},
	} {
		_, err := parse("c.toml", []byte(c.text), commands)
		if err == nil || err.Error() != c.want {
			t.Errorf("got  %v\nwant %s", err, c.want)
		}
	}
}

// TestConfigurationPage checks that the configuration that docs/configuration.md shows is one.
func TestConfigurationPage(t *testing.T) {
	page, err := os.ReadFile("../../docs/configuration.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, ok := strings.Cut(string(page), "```toml\ntheme")
	text, _, end := strings.Cut(rest, "```")
	if !ok || !end {
		t.Fatal("docs/configuration.md has no configuration")
	}
	c, err := parse("configuration.md", []byte("theme"+text), commands)
	if err != nil {
		t.Fatal(err)
	}
	if len(c.Formats) != 1 {
		t.Errorf("%d formats", len(c.Formats))
	}
	if len(c.Backends) != 1 {
		t.Errorf("%d backends", len(c.Backends))
	}
}
