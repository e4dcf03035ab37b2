package ask_test

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"tracefall/sources/query"
	"tracefall/sources/query/ask"
	"tracefall/sources/query/querytest"
)

var update = flag.Bool("update", false, "write the filters that testdata/judge reads")

// patterns and keys are beside what random queries draw: what is special to a pattern, to JSON, or to the lengths of either.
var special = []string{
	`a=~"^x$" OR a=~"x+?" OR a=~"(?i)x" OR a=~"\\bx"`, `a=~"(?U)x+"`, `a=~"\\d+"`, `a=~"[[:digit:]]"`, `a=~"[^a-c]|x{2,3}.*"`, `a=~"(?s)x.y"`, `a=~""`,
	`a~"^$"`, `name=~"(?P<n>x)"`, `a="<&>\"\\ \n"`, `"odd \"key\""=1`, `a=""`, `a="\xff"`, `a=1e300`, `a=0.000000001`, `a in (1, 1.5, true, 1s, "")`,
	`duration>0s`, `duration<0s`, `duration=1h30m`, `duration!=1s`, `duration in (1s, 2s)`, `NOT duration in (1s, 2s)`, `http.status_code!=503`,
	`NOT (http.status_code!=503 OR NOT has:http.status_code)`, `kind!=server`, `kind in (server, client)`, `name!~x`, `NOT name!~x`, `service not in (a, b)`,
	`event(event.name=exception event.exception.type=~"x")`, `NOT event(event.a=1)`, `link(link.a=1)`, `event(event.a!=x NOT has:event.b)`,
	`scope.name=lib scope.version!="1" scope.a=~x`, `link.traceID=4bf92f3577b34da6a3ce929d0e0e4736`,
	`NOT NOT NOT (a=x (b=y OR (c=z (d=x OR (e=y (f=x OR (g=z (h=x OR i=y))))))))`,
}

// filters lists filters that a server can be asked, each once and none very long; the special ones also as they are asked of
// each service.
func filters() []byte {
	var b bytes.Buffer
	seen := map[string]bool{}
	add := func(text string, parts int) {
		q, err := query.Parse(text)
		if err != nil {
			return
		}
		for _, s := range servers {
			for _, p := range ask.For(q, s.opt).Parts {
				for _, p := range []ask.Part{p, p.WithService("checkout", ask.Filter)}[:parts] {
					if s.opt.Dialect == ask.Filter && len(p.Filter) > 0 && len(p.Filter) < 1000 && !seen[string(p.Filter)] {
						seen[string(p.Filter)] = true
						b.Write(append(p.Filter, '\n'))
					}
				}
			}
		}
	}
	for _, text := range special {
		add(text, 2)
	}
	w := querytest.NewWriter(1)
	for range 4000 {
		add(w.Query(), 1)
		add(usual(w), 1)
	}
	return b.Bytes()
}

// TestFiltersForTheJudge demands that testdata/judge has the filters that the program makes.
func TestFiltersForTheJudge(t *testing.T) {
	path := filepath.Join("..", "..", "..", "testdata", "judge", "filters.jsonl")
	made := filters()
	if *update {
		if err := os.WriteFile(path, made, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	kept, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(kept, made) {
		t.Errorf("%s is not what the program makes; -update writes it, and the test of testdata/judge judges it", path)
	}
}
