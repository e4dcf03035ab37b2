package report

import (
	"html"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"gonum.org/v1/gonum/graph/formats/dot"
	"gonum.org/v1/gonum/graph/formats/dot/ast"

	"tracefall/diagnose/facts"
	"tracefall/diagnose/factstest"
	"tracefall/diagnose/servicemap"
	"tracefall/sources/tracetest"
	"tracefall/views/draw"
)

// namedMap is the map of a service that calls another; both have names that may be hostile.
func namedMap(t testing.TB, from, to string) *servicemap.Map {
	t.Helper()
	set := tracetest.Set(t, "a \"GET\" 0ms +5ms kind=server\n  b \"GET\" 1ms +2ms kind=server error=boom\n")
	var portions []facts.Portion
	for _, f := range factstest.Of(set) {
		portions = append(portions, facts.Portion{Facts: f})
	}
	m := servicemap.New(servicemap.Count(slices.Values(portions)))
	m.Nodes[0].Name, m.Nodes[1].Name = from, to
	return m
}

// hostileNames would end a label, begin markup or a comment, or be read as an escape.
var hostileNames = []string{
	`a"]`, `"] --> x["`, `\`, `\"`, `\n`, `\N`, "new\nline", "<b>bold</b>", "<br/>", "&amp;", "&#34;", "#quot;", "#34;", "%% comment", "`code`", "{record|field}",
	"end", "]", "|x|", "a;b", "\x1b[2J", "\u202e", "日本", "", "--", "->", "/* comment */", "//", "click n0 href", "\x00\xff",
}

// checkDiagrams checks that a name is nothing but a label in both languages, and reads back as what the screen shows.
func checkDiagrams(t *testing.T, name string) {
	t.Helper()
	m := namedMap(t, name, "other")
	want := draw.Clean(name)
	if name == "" {
		want = "(no service)"
	}
	if got := dotLabel(t, graphviz(m)); got != strings.ReplaceAll(want, "\ufffd", "?") {
		t.Errorf("DOT gives %q for %q, want %q", got, name, want)
	}
	if got := mermaidLabel(t, mermaid(m)); got != want {
		t.Errorf("Mermaid gives %q for %q, want %q", got, name, want)
	}
}

// dotLabel parses a graph and returns the first line of the first node's label.
func dotLabel(t *testing.T, text string) string {
	t.Helper()
	text = strings.ReplaceAll(text, "\ufffd", "?") // which the parser takes for a mistake
	file, err := dot.ParseString(text)
	if err != nil {
		t.Fatalf("not DOT: %v\n%s", err, text)
	}
	if len(file.Graphs) != 1 {
		t.Fatalf("%d graphs in\n%s", len(file.Graphs), text)
	}
	nodes, edges, label := 0, 0, ""
	for _, stmt := range file.Graphs[0].Stmts {
		switch stmt := stmt.(type) {
		case *ast.NodeStmt:
			if nodes++; nodes > 1 {
				continue
			}
			for _, attr := range stmt.Attrs {
				if attr.Key == "label" {
					label = attr.Val
				}
			}
		case *ast.EdgeStmt:
			edges++
		}
	}
	if nodes != 2 || edges != 1 {
		t.Fatalf("%d nodes and %d edges in\n%s", nodes, edges, text)
	}
	label = strings.TrimSuffix(strings.TrimPrefix(label, `"`), `"`)
	var b strings.Builder
	for i := 0; i < len(label); i++ {
		if label[i] != '\\' {
			b.WriteByte(label[i])
			continue
		}
		i++
		if label[i] == 'n' { // the numbers follow
			break
		}
		b.WriteByte(label[i])
	}
	return html.UnescapeString(b.String())
}

var (
	mermaidNode = regexp.MustCompile(`^  n0\["([^"]*)"\]$`)
	mermaidEdge = regexp.MustCompile(`^  n0 -->\|"[^"]*"\| n1$`)
	mermaidCode = regexp.MustCompile(`#[^#;]*;`)
)

// mermaidLabel returns the first line of the first node's label.
func mermaidLabel(t *testing.T, text string) string {
	t.Helper()
	lines := strings.Split(text, "\n")
	node := mermaidNode.FindStringSubmatch(lines[1])
	if len(lines) != 8 || node == nil || !mermaidEdge.MatchString(lines[3]) {
		t.Fatalf("not the flowchart of two nodes:\n%s", text)
	}
	label, _, _ := strings.Cut(node[1], "<br/>")
	if plain := mermaidCode.ReplaceAllString(label, ""); strings.ContainsAny(plain, "\"<>&#;`%{}[]|\\") {
		t.Errorf("%q has characters that mean something", label)
	}
	return mermaidCode.ReplaceAllStringFunc(label, func(code string) string {
		n, err := strconv.Atoi(strings.Trim(code, "#;"))
		if err != nil {
			t.Errorf("%q is no code of a character", code)
		}
		return string(rune(n))
	})
}

func TestDiagramsOfHostileNames(t *testing.T) {
	for _, name := range hostileNames {
		checkDiagrams(t, name)
	}
}

func FuzzDiagrams(f *testing.F) {
	for _, name := range hostileNames {
		f.Add(name)
	}
	f.Fuzz(func(t *testing.T, name string) { checkDiagrams(t, name) })
}
