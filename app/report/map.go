package report

import (
	"fmt"
	"strings"

	"tracefall/diagnose/servicemap"
	"tracefall/views"
	screen "tracefall/views/servicemap"
)

// PrintMap prints a service map: drawn as the screen draws it, with its edges below, as a diagram for Mermaid or
// Graphviz, or as JSON.
func PrintMap(p *Printer, m *servicemap.Map, r Remarks) error {
	switch p.Format {
	case JSON:
		doc := newMapJSON(m, r)
		p.answered(&doc.answeredJSON, &doc.Notices)
		return p.json(doc)
	case Mermaid:
		p.write(mermaid(m))
		return p.err
	case DOT:
		p.write(graphviz(m))
		return p.err
	case Text, Markdown, SARIF: // of which map has text only
	}
	env := &views.Env{Theme: p.theme}
	fits, err := screen.Print(m, p.width, env, p.lines)
	if err != nil {
		return err
	}
	if fits {
		p.Text("")
	} else if len(m.Nodes) > 0 {
		p.Text(p.theme.Glyphs.Info + " the map does not fit into " + fmt.Sprint(p.width) + " columns: --width takes more, --format dot draws it elsewhere")
	}
	if len(m.Edges) > 0 {
		edgeTable(p, m)
		p.Text("")
	}
	p.Text(screen.Head(m))
	p.remarks(r)
	return p.err
}

// edgesNarrow is the width below which the edges are printed with fewer numbers, so that their names are not cut off.
const edgesNarrow = 90

// edgeTable prints a line an edge.
func edgeTable(p *Printer, m *servicemap.Map) {
	headings, right := []string{"CALLS", "RATE", "ERR", "ERR %", "P50", "P95", "MAX", "EDGE"}, []bool{true, true, true, true, true, true, true, false}
	cells := func(e screen.Row) []string {
		return []string{e.Calls, e.Rate, e.Errors, e.Share, e.P50, e.P95, e.Max, e.Edge}
	}
	if p.width < edgesNarrow {
		headings, right = []string{"CALLS", "ERR", "P95", "EDGE"}, []bool{true, true, true, false}
		cells = func(e screen.Row) []string { return []string{e.Calls, e.Errors, e.P95, e.Edge} }
	}
	p.table(headings, right, func(row func(...string)) {
		for _, e := range screen.Rows(m) {
			row(cells(e)...)
		}
	})
}

// mermaid writes a map as a flowchart for Mermaid. Text is quoted and, but for letters, digits and what means nothing
// in Mermaid, written as character codes.
func mermaid(m *servicemap.Map) string {
	var b strings.Builder
	b.WriteString("flowchart LR\n")
	loud := screen.Loud(m)
	var failed, causes []string
	for i := range m.Nodes {
		n := &m.Nodes[i]
		open, end := `["`, `"]`
		switch n.Kind {
		case servicemap.Database, servicemap.Cache:
			open, end = `[("`, `")]`
		case servicemap.Queue:
			open, end = `[["`, `"]]`
		case servicemap.External, servicemap.Host:
			open, end = `(["`, `"])`
		case servicemap.Service:
		}
		fmt.Fprintf(&b, "  n%d%s%s", i, open, mermaidText(screen.Name(n)))
		if label := screen.Label(m, &n.Calls); label != "" {
			b.WriteString("<br/>" + mermaidText(label))
		}
		b.WriteString(end + "\n")
		switch {
		case loud[i]:
			causes = append(causes, fmt.Sprintf("n%d", i))
		case n.Failures() > 0:
			failed = append(failed, fmt.Sprintf("n%d", i))
		}
	}
	var red []string
	for i := range m.Edges {
		e := &m.Edges[i]
		fmt.Fprintf(&b, "  n%d -->|\"%s\"| n%d\n", e.From, mermaidText(screen.Label(m, &e.Calls)), e.To)
		if e.Failures() > 0 {
			red = append(red, fmt.Sprint(i))
		}
	}
	if len(red) > 0 {
		fmt.Fprintf(&b, "  linkStyle %s stroke:#c4161c\n", strings.Join(red, ","))
	}
	for _, class := range []struct {
		name, style string
		nodes       []string
	}{{"failed", "stroke:#c4161c", failed}, {"cause", "stroke:#c4161c,stroke-width:4px", causes}} {
		if len(class.nodes) > 0 {
			fmt.Fprintf(&b, "  classDef %s %s\n  class %s %s\n", class.name, class.style, strings.Join(class.nodes, ","), class.name)
		}
	}
	return b.String()
}

// mermaidPlain are the characters of ASCII beside letters and digits that mean nothing in quoted text of Mermaid.
const mermaidPlain = " ._-/:+,()"

// mermaidText writes text for a quoted label, every other character of ASCII as its code: #34;.
func mermaidText(text string) string {
	var b strings.Builder
	for _, r := range text {
		if r < 0x80 && !(r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z' || strings.ContainsRune(mermaidPlain, r)) {
			fmt.Fprintf(&b, "#%d;", r)
			continue
		}
		b.WriteRune(r)
	}
	return b.String()
}

// graphviz writes a map as a directed graph for Graphviz.
func graphviz(m *servicemap.Map) string {
	var b strings.Builder
	b.WriteString("digraph services {\n  rankdir=LR\n  node [shape=box]\n")
	loud := screen.Loud(m)
	for i := range m.Nodes {
		n := &m.Nodes[i]
		fmt.Fprintf(&b, "  n%d [label=\"%s", i, dotText(screen.Name(n)))
		if label := screen.Label(m, &n.Calls); label != "" {
			b.WriteString(`\n` + dotText(label))
		}
		b.WriteString(`"`)
		switch n.Kind {
		case servicemap.Database, servicemap.Cache:
			b.WriteString(" shape=cylinder")
		case servicemap.Queue:
			b.WriteString(" shape=cds")
		case servicemap.External, servicemap.Host:
			b.WriteString(" style=rounded")
		case servicemap.Service:
		}
		switch {
		case loud[i]:
			b.WriteString(` color="#c4161c" penwidth=3`)
		case n.Failures() > 0:
			b.WriteString(` color="#c4161c"`)
		}
		b.WriteString("]\n")
	}
	for i := range m.Edges {
		e := &m.Edges[i]
		fmt.Fprintf(&b, "  n%d -> n%d [label=\"%s\"", e.From, e.To, dotText(screen.Label(m, &e.Calls)))
		if e.Failures() > 0 {
			b.WriteString(` color="#c4161c"`)
		}
		b.WriteString("]\n")
	}
	b.WriteString("}\n")
	return b.String()
}

// dotText writes text for a quoted label. Graphviz reads escapes and entities of HTML in it.
func dotText(text string) string {
	return strings.NewReplacer(`\`, `\\`, `"`, `\"`, "&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(text)
}
