package main

import (
	"encoding/json"
	"errors"
	"io"
	"maps"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// layer is one row of the table of the house: what a package may import. What is not listed is not allowed.
type layer struct {
	ours  []string // our packages, relative to the module
	libs  []string // third-party import paths, or a prefix that ends in "/"
	nostd []string // packages of the standard library that it must not import itself
}

// noWorld is what keeps a package from the outside world: files, processes, sockets, the clock is left to review.
var noWorld = []string{"os", "os/exec", "os/signal", "net", "net/http", "syscall", "io/ioutil"}

// rules is what a family of detectors may import: no other family.
var rules = layer{ours: slices.Concat(measures, []string{"diagnose/rule", "sources/trace"}), nostd: noWorld}

// measures are what every conclusion stands on; arrows between them go down this list.
var measures = []string{
	"diagnose/baseline", "diagnose/failure", "diagnose/patterns", "diagnose/facts", "diagnose/timing", "diagnose/clocks",
	"diagnose/normalize", "diagnose/genai", "diagnose/semconv", "diagnose/stats", "diagnose/secrets", "diagnose/units",
}

// formats are the packages of formats, which sources puts together: a row each.
var formats = map[string]layer{
	"sources/otlp":      {ours: []string{"sources/decode", "sources/jsonscan", "sources/trace"}, nostd: noWorld},
	"sources/otlpproto": {ours: []string{"sources/decode", "sources/jsonscan", "sources/trace"}, libs: []string{"github.com/klauspost/compress/", "google.golang.org/protobuf/encoding/protowire"}, nostd: noWorld},
	"sources/jaeger":    {ours: []string{"sources/decode", "sources/flat", "sources/jsonscan", "sources/trace"}, nostd: noWorld},
	"sources/zipkin":    {ours: []string{"sources/decode", "sources/jaeger", "sources/jsonscan", "sources/trace"}, nostd: noWorld},
	"sources/elastic":   {ours: []string{"sources/decode", "sources/jaeger", "sources/trace", "sources/zipkin"}, nostd: noWorld},
	"sources/console":   {ours: []string{"sources/decode", "sources/jsonscan", "sources/otlp", "sources/trace"}, nostd: noWorld},
	"sources/xray":      {ours: []string{"sources/decode", "sources/flat", "sources/trace"}, nostd: noWorld},
	"sources/flatjson":  {ours: []string{"sources/decode", "sources/flat", "sources/jsonscan", "sources/otlp", "sources/trace"}, nostd: noWorld},
}

// screens are the packages of screens and panels, which app puts together: a row each, with what one needs beside the rest.
var screens = map[string]layer{
	"views/baseline":     screen("diagnose/compare"),
	"views/comparison":   screen("views/tree", "views/timeline", "diagnose/compare"),
	"views/detail":       screen("views/tree", "diagnose/lex"),
	"views/findings":     screen(),
	"views/flame":        screen("diagnose/compare/calltree"),
	"views/help":         screen(),
	"views/incidents":    screen(),
	"views/importreport": screen(),
	"views/logs":         screen("views/tree"),
	"views/palette":      screen(),
	"views/servicemap":   screen("diagnose/servicemap", "views/servicemap/layered", "views/tree"),
	"views/sets":         screen("views/tree", "diagnose/compare", "diagnose/compare/population"),
	"views/spans":        screen("diagnose/compare/calltree"),
	"views/statistics":   screen(),
	"views/tracelist":    screen(),
	"views/waterfall":    screen("views/tree", "views/timeline"),
}

func screen(more ...string) layer {
	ours := []string{"views", "views/draw", "views/prompt", "views/style", "views/table", "diagnose", "diagnose/rule", "sources/logline", "sources/query", "sources/trace"}
	return layer{
		ours:  slices.Concat(measures, ours, more),
		libs:  []string{"charm.land/bubbles/v2/key", "charm.land/bubbletea/v2"},
		nostd: noWorld,
	}
}

// layers is ARCHITECTURE's table with the rest of its rows. A package without a row fails the test: it needs a place in
// the house first.
var layers = map[string]layer{
	"": {ours: []string{"app/cli", "app/session"}},
	"app/cli": {
		ours: slices.Concat(measures, []string{
			"app", "app/config", "app/report", "app/session", "app/terminal", "diagnose", "diagnose/rule", "diagnose/compare", "diagnose/compare/population",
			"diagnose/servicemap", "sources/export", "sources/query", "sources/spelling", "sources/trace", "views", "views/draw", "views/style",
		}),
		libs: []string{"github.com/spf13/", "github.com/dustin/go-humanize"},
	},
	"app/report": {
		ours: slices.Concat(measures, []string{
			"app/config", "app/session", "app/terminal", "diagnose", "diagnose/rule", "diagnose/compare", "diagnose/compare/population", "sources", "sources/live", "sources/trace",
			"diagnose/servicemap", "views", "views/comparison", "views/draw", "views/servicemap", "views/sets", "views/style", "views/waterfall",
		}),
		libs: []string{"github.com/charmbracelet/colorprofile"},
	},
	"app": {
		ours: slices.Concat(measures, []string{
			"app/config", "app/session", "app/terminal", "diagnose", "diagnose/rule", "diagnose/compare", "diagnose/compare/population", "sources", "sources/live", "sources/query",
			"sources/trace", "views", "views/draw", "views/prompt", "views/statusline", "views/style", "views/tabline",
		}, slices.Collect(maps.Keys(screens))),
		libs: []string{"charm.land/bubbles/v2/", "charm.land/bubbletea/v2", "github.com/charmbracelet/colorprofile", "github.com/charmbracelet/x/ansi"},
	},
	"app/session": {
		ours: slices.Concat(measures, []string{
			"app/config", "app/terminal", "diagnose", "diagnose/rule", "diagnose/compare", "sources", "sources/export", "sources/live", "sources/logline", "sources/query", "sources/query/ask", "sources/query/eval", "sources/spelling",
			"sources/trace", "views", "views/draw", "views/logs", "views/palette", "views/statistics", "views/style", "views/waterfall",
		}),
		libs: []string{"github.com/charmbracelet/colorprofile"},
	},
	"app/config": {
		ours: []string{"diagnose", "diagnose/rule", "sources", "sources/live", "sources/query", "sources/spelling", "views", "views/style", "views/tracelist"},
		libs: []string{"github.com/dustin/go-humanize", "github.com/pelletier/go-toml/v2", "github.com/pelletier/go-toml/v2/unstable"},
	},
	"app/terminal": {
		ours: []string{"views/draw"},
		libs: []string{"github.com/charmbracelet/x/", "golang.org/x/sys/"},
	},
	"app/apptest": {
		ours: []string{"sources", "sources/trace"},
		libs: []string{"github.com/charmbracelet/ultraviolet", "github.com/charmbracelet/x/", "github.com/creack/pty", "github.com/google/go-cmp/"},
	},
	"views": {
		ours:  slices.Concat(measures, []string{"views/draw", "views/style", "diagnose", "diagnose/rule", "sources/logline", "sources/trace", "diagnose/compare"}),
		libs:  []string{"charm.land/bubbletea/v2", "charm.land/bubbles/v2/key"},
		nostd: noWorld,
	},
	"views/table": {
		ours:  []string{"views", "views/draw", "views/style"},
		nostd: noWorld,
	},
	"views/timeline": {
		ours:  []string{"views", "views/draw", "views/style"},
		nostd: noWorld,
	},
	"views/tree": {
		ours:  []string{"views", "views/draw", "views/style"},
		nostd: noWorld,
	},
	"views/prompt": {
		ours:  []string{"views", "views/draw", "views/style", "views/table", "sources/query"},
		libs:  []string{"charm.land/bubbles/v2/key", "charm.land/bubbletea/v2", "github.com/clipperhouse/uax29/", "github.com/sahilm/fuzzy"},
		nostd: noWorld,
	},
	"views/servicemap/layered": {nostd: noWorld},
	"views/statusline": {
		ours:  []string{"views", "views/draw", "views/style"},
		libs:  []string{"charm.land/bubbles/v2/help", "charm.land/bubbles/v2/key", "github.com/charmbracelet/x/ansi"},
		nostd: noWorld,
	},
	"views/tabline": {
		ours:  []string{"views", "views/draw"},
		nostd: noWorld,
	},
	"views/viewstest": {
		ours: slices.Concat(measures, []string{"views", "views/draw", "views/style", "diagnose", "diagnose/rule", "sources", "sources/trace"}),
		libs: []string{"charm.land/bubbletea/v2", "github.com/charmbracelet/ultraviolet", "github.com/google/go-cmp/"},
	},
	"views/draw": {
		ours:  []string{"diagnose/units"},
		libs:  []string{"github.com/charmbracelet/ultraviolet", "github.com/charmbracelet/x/ansi", "github.com/clipperhouse/uax29/"},
		nostd: noWorld,
	},
	"views/style": {
		ours:  []string{"sources/spelling", "views/draw"},
		libs:  []string{"charm.land/lipgloss/v2", "github.com/charmbracelet/x/ansi", "github.com/lucasb-eyer/go-colorful"},
		nostd: noWorld,
	},
	"diagnose": {
		ours: slices.Concat(measures, []string{
			"diagnose/rule", "diagnose/rules/capacity", "diagnose/rules/failures", "diagnose/rules/recording", "diagnose/rules/repetition",
			"diagnose/rules/skew", "diagnose/rules/waiting", "sources/trace",
		}),
		nostd: noWorld,
	},
	"diagnose/rule": {
		ours:  slices.Concat(measures, []string{"sources/trace"}),
		nostd: noWorld,
	},
	"diagnose/rules/capacity":   rules,
	"diagnose/rules/failures":   rules,
	"diagnose/rules/recording":  rules,
	"diagnose/rules/repetition": rules,
	"diagnose/rules/skew":       rules,
	"diagnose/rules/waiting":    rules,
	"diagnose/compare": {
		ours:  slices.Concat(measures, []string{"diagnose/compare/calltree", "sources/spelling", "sources/trace", "sources/query"}),
		libs:  []string{"gonum.org/v1/gonum/"},
		nostd: noWorld,
	},
	"diagnose/compare/calltree": {
		ours:  slices.Concat(measures, []string{"sources/trace"}),
		nostd: noWorld,
	},
	"diagnose/compare/population": {
		ours:  slices.Concat(measures, []string{"diagnose/compare", "diagnose/compare/calltree", "sources/trace", "sources/query"}),
		libs:  []string{"gonum.org/v1/gonum/"},
		nostd: noWorld,
	},

	"diagnose/compare/comparetest": {
		ours: []string{"diagnose/facts", "diagnose/factstest", "sources", "sources/trace", "sources/tracetest"},
	},
	"diagnose/factstest": {
		ours: []string{"diagnose/facts", "sources/trace", "sources/tracetest"},
	},
	"diagnose/lex": {
		nostd: noWorld,
	},
	"diagnose/secrets": {
		ours:  []string{"diagnose/lex", "sources/trace"},
		nostd: noWorld,
	},
	"diagnose/baseline": {
		ours:  []string{"diagnose/patterns", "diagnose/facts", "diagnose/semconv", "diagnose/stats", "sources/trace"},
		nostd: noWorld,
	},
	"diagnose/failure": {
		ours:  []string{"diagnose/facts", "diagnose/semconv", "diagnose/secrets", "sources/trace"},
		nostd: noWorld,
	},
	"diagnose/servicemap": {
		ours:  []string{"diagnose/failure", "diagnose/facts", "diagnose/semconv", "diagnose/stats", "diagnose/secrets", "sources/trace"},
		nostd: noWorld,
	},
	"diagnose/patterns": {
		ours:  []string{"diagnose/facts", "diagnose/clocks", "diagnose/normalize", "diagnose/semconv", "diagnose/lex", "sources/trace"},
		nostd: noWorld,
	},
	"diagnose/facts": {
		ours:  []string{"diagnose/timing", "diagnose/clocks", "diagnose/normalize", "diagnose/semconv", "diagnose/stats", "diagnose/secrets", "diagnose/lex", "sources/trace"},
		nostd: noWorld,
	},
	"diagnose/timing": {
		ours:  []string{"diagnose/clocks", "diagnose/semconv", "sources/trace"},
		nostd: noWorld,
	},
	"diagnose/clocks": {
		ours:  []string{"diagnose/semconv", "sources/trace"},
		nostd: noWorld,
	},
	"diagnose/normalize": {
		ours:  []string{"diagnose/semconv", "diagnose/lex", "sources/trace"},
		nostd: noWorld,
	},
	"diagnose/semconv": {
		ours:  []string{"diagnose/lex", "sources/trace"},
		nostd: noWorld,
	},
	"diagnose/stats": {
		libs:  []string{"gonum.org/v1/gonum/"},
		nostd: noWorld,
	},
	"diagnose/genai": {
		ours:  []string{"diagnose/semconv", "sources/jsonscan", "sources/trace"},
		nostd: noWorld,
	},
	"diagnose/units": {
		nostd: noWorld,
	},
	"sources": {
		ours: slices.Concat(slices.Collect(maps.Keys(formats)), []string{"sources/decode", "sources/flat", "sources/jsonscan", "sources/trace", "sources/unwrap"}),
		libs: []string{"github.com/klauspost/compress/", "golang.org/x/sys/", "github.com/dustin/go-humanize"},
	},
	"sources/jsonscan": {
		nostd: noWorld,
	},
	"sources/decode": {
		ours:  []string{"sources/jsonscan", "sources/trace"},
		nostd: noWorld,
	},
	"sources/export": {
		ours:  []string{"sources/decode", "sources/jsonscan", "sources/trace"},
		nostd: noWorld,
	},
	"sources/flat": {
		ours:  []string{"sources/trace"},
		nostd: noWorld,
	},
	"sources/query": {
		ours:  []string{"sources/spelling", "sources/trace"},
		libs:  []string{"github.com/jaegertracing/jaeger-idl/query/expression/v1"},
		nostd: noWorld,
	},
	"sources/query/eval": {
		ours:  []string{"sources/query", "sources/trace"},
		libs:  []string{"github.com/jaegertracing/jaeger-idl/query/expression/v1"},
		nostd: noWorld,
	},
	"sources/query/querytest": {ours: []string{"sources/trace", "sources/tracetest"}},
	"sources/query/ask": {
		ours:  []string{"sources/query", "sources/trace"},
		libs:  []string{"github.com/jaegertracing/jaeger-idl/query/expression/v1"},
		nostd: noWorld,
	},
	"sources/logline": {
		ours:  []string{"sources/jsonscan", "sources/trace"},
		nostd: noWorld,
	},
	"sources/live": {
		ours: []string{"sources", "sources/jsonscan", "sources/logline", "sources/query", "sources/query/ask", "sources/trace"},
		libs: []string{"github.com/dustin/go-humanize", "github.com/klauspost/compress/"},
	},
	"sources/live/livetest": {
		ours: []string{"sources/export", "sources/trace"},
		libs: []string{"go.opentelemetry.io/collector/pdata/", "go.opentelemetry.io/proto/otlp/", "google.golang.org/protobuf/"},
	},
	"sources/trace": {
		nostd: noWorld,
	},
	"sources/spelling": {
		nostd: noWorld,
	},
	"sources/unwrap": {
		ours:  []string{"sources/jsonscan"},
		nostd: noWorld,
	},
	"sources/tracetest": {
		ours: []string{"sources/trace"},
	},
	"testdata": {}, // the demo incidents, embedded
}

// listed is what `go list -json` says of a package.
type listed struct {
	ImportPath string
	Standard   bool
	Module     *struct{ Path string }
	Imports    []string
}

// TestImports checks every package of the module against the table of the house.
func TestImports(t *testing.T) {
	beside(t)
	t.Parallel()
	all := list(t, "-deps", "./...")
	standard, ours := map[string]bool{}, []listed{}
	for _, p := range all {
		standard[p.ImportPath] = p.Standard
		if p.Module != nil && p.Module.Path == "tracefall" {
			ours = append(ours, p)
		}
	}
	if len(ours) < 3 {
		t.Fatalf("go list found %d packages of the module", len(ours))
	}
	for _, p := range ours {
		name := strings.TrimPrefix(strings.TrimPrefix(p.ImportPath, "tracefall"), "/")
		row, ok := layers[name]
		for _, more := range []map[string]layer{formats, screens} {
			if r, in := more[name]; in {
				row, ok = r, true
			}
		}
		if !ok {
			t.Errorf("%s has no row in the table of the house", p.ImportPath)
			continue
		}
		for _, imported := range p.Imports {
			if !row.allows(imported, standard[imported]) {
				t.Errorf("%s must not import %s", p.ImportPath, imported)
			}
		}
	}
}

// TestNoTestsInTheProgram checks that no package that is for tests is linked into the program.
func TestNoTestsInTheProgram(t *testing.T) {
	for _, p := range list(t, "-deps", ".") {
		if p.ImportPath == "testing" || p.Module != nil && p.Module.Path == "tracefall" && strings.HasSuffix(p.ImportPath, "test") {
			t.Errorf("the program holds %s", p.ImportPath)
		}
	}
}

// TestNothingReachesTheNetwork checks that no package of the program but the one of backends can open a socket: the
// promise is that tracefall opens no listening socket, and sends nothing anywhere but to a backend that was asked for.
func TestNothingReachesTheNetwork(t *testing.T) {
	beside(t)
	for _, p := range list(t, "-deps", ".") {
		if p.Module == nil || p.Module.Path != "tracefall" || p.ImportPath == "tracefall/sources/live" {
			continue
		}
		for _, imported := range p.Imports {
			if imported == "net" || strings.HasPrefix(imported, "net/") && imported != "net/url" && imported != "net/netip" {
				t.Errorf("%s imports %s", p.ImportPath, imported)
			}
		}
	}
}

func (l layer) allows(path string, standard bool) bool {
	if standard {
		return !slices.Contains(l.nostd, path)
	}
	if name, ok := strings.CutPrefix(path, "tracefall/"); ok {
		return slices.Contains(l.ours, name)
	}
	return slices.ContainsFunc(l.libs, func(lib string) bool {
		return path == lib || strings.HasSuffix(lib, "/") && strings.HasPrefix(path, lib)
	})
}

func list(t *testing.T, args ...string) []listed {
	t.Helper()
	out, err := exec.Command("go", append([]string{"list", "-json=ImportPath,Standard,Module,Imports"}, args...)...).Output()
	if err != nil {
		var exit *exec.ExitError
		if errors.As(err, &exit) {
			t.Fatalf("go list: %s", exit.Stderr)
		}
		t.Fatalf("go list: %v", err)
	}
	var all []listed
	for d := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p listed
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			return all
		} else if err != nil {
			t.Fatalf("go list: %v", err)
		}
		all = append(all, p)
	}
}
