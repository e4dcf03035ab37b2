package detail

import (
	"math/rand/v2"
	"strings"
	"testing"
	"unicode"

	"tracefall/sources/trace"
	"tracefall/views"
	"tracefall/views/viewstest"
)

func TestLayOutSQL(t *testing.T) {
	for name, test := range map[string]struct{ in, want string }{
		"clauses": {orderSQL, `SELECT o.id, o.total, c.email
FROM orders o
INNER JOIN customers c ON c.id = o.customer_id
WHERE o.state = 'open and waiting'
  AND o.created_at BETWEEN '2026-11-01' AND '2026-11-20'
  AND c.region IN (SELECT id
  FROM regions
  WHERE active)
ORDER BY o.created_at DESC
LIMIT 50`},
		"insert": {"insert  into t (a, b) values (1, 'it''s from here') returning id", "insert into t (a, b)\nvalues (1, 'it''s from here')\nreturning id"},
		"update": {"UPDATE t SET a = 1 WHERE b = \"select from\"", "UPDATE t\nSET a = 1\nWHERE b = \"select from\""},
		"delete": {"DELETE FROM t WHERE a /* and b */ = 1", "DELETE FROM t\nWHERE a /* and b */ = 1"},
		"lines":  {"SELECT a\nFROM t WHERE b", "SELECT a\nFROM t WHERE b"},
		"cut":    {"SELECT a FROM t WHERE b = 'no end", "SELECT a\nFROM t\nWHERE b = 'no end"},
	} {
		if got := layOutSQL(test.in); got != test.want {
			t.Errorf("%s:\n%s\nwant\n%s", name, got, test.want)
		}
	}
}

func TestLayOutJSON(t *testing.T) {
	want := `{
  "items": [
    {
      "sku": "A-1",
      "n": 2
    },
    {
      "sku": "B \"7\"",
      "n": 1
    }
  ],
  "coupons": [],
  "note": null,
  "total": 129.90
}`
	if in := `"a \" b, c: {"`; layOutJSON(in) != in {
		t.Errorf("within a string %q becomes %q", in, layOutJSON(in))
	}
	if got := layOutJSON(orderJSON); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// blanks removes all white space.
func blanks(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, s)
}

func TestLayingOutChangesNothingButWhiteSpace(t *testing.T) {
	parts := []string{"{", "}", "[", "]", ",", ":", `"a b"`, `"\"`, `"`, " ", "SELECT", "from", " AND ", "'", "''", "(", ")", "--", "/*", "*/", "x", "é", "\\", "\n"}
	rng := rand.New(rand.NewPCG(5, 6))
	for range 20_000 {
		var b strings.Builder
		for range rng.IntN(30) {
			b.WriteString(parts[rng.IntN(len(parts))])
		}
		in := b.String()
		if got := layOutJSON(in); blanks(got) != blanks(in) {
			t.Fatalf("JSON %q becomes %q", in, got)
		}
		if got := layOutSQL(in); blanks(got) != blanks(in) {
			t.Fatalf("SQL %q becomes %q", in, got)
		}
	}
}

func TestDeepJSONIsLaidOut(t *testing.T) {
	in := strings.Repeat("[", 100_000)
	if got := layOutJSON(in); len(got) > len(in)*(jsonIndent*jsonDeepest+3) || blanks(got) != in {
		t.Errorf("%d bytes become %d", len(in), len(got))
	}
}

func TestFormOf(t *testing.T) {
	for _, test := range []struct {
		key, text string
		t         trace.Type
		want      valueForm
	}{
		{"order", orderJSON, trace.TypeString, formJSON},
		{"order", `[1,2]`, trace.TypeJSON, formJSON},
		{"text", "[INFO] nothing", trace.TypeString, formPlain},
		{"text", "{braces} and [brackets]", trace.TypeString, formPlain},
		{"db.statement", "SELECT 1", trace.TypeString, formSQL},
		{"db.statement", `{"find":"users"}`, trace.TypeString, formJSON},
		{"message", "SELECT the right one", trace.TypeString, formPlain},
	} {
		if got := formOf(test.key, test.t, test.text); got != test.want {
			t.Errorf("%s=%s has form %d, want %d", test.key, test.text, got, test.want)
		}
	}
}

func TestSpellLinesNeutralises(t *testing.T) {
	if got, want := spellLines("a\tb\r\n\x1b[2J\u202ec"), "a    b\n\\x1b[2J\\u202ec"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

var detailCommands = []views.Command{
	views.Down, views.Up, views.PageDown, views.PageUp, views.HalfDown, views.HalfUp, views.Top, views.Bottom, views.Left, views.Right, views.Enter, views.Fold, views.FoldAll, views.OpenAll, views.OpenAll,
	views.Search, views.NextMatch, views.PrevMatch, views.CopyValue, views.CopyLine, views.CopySpanID, views.CopyTrace, views.Back,
}

func TestDetailDrawsAtAnySize(t *testing.T) {
	env := viewstest.Env(t)
	rng := rand.New(rand.NewPCG(7, 8))
	for _, tr := range []*trace.Trace{detailTrace(t), stackTrace(t), chatTrace(t), viewstest.HostileTrace(t), viewstest.BrokenTrace(t)} {
		d := New()
		d.SetFacts(viewstest.FactsOf(tr))
		for width := 1; width <= 130; width++ {
			d.SetSpan(tr, rng.IntN(tr.Len()))
			viewstest.CheckSize(t, viewstest.Frame(d, env, width, 1+rng.IntN(45)))
			for range 4 {
				if d.Typing() {
					viewstest.TypeText(d, string(rune('a'+rng.IntN(26))))
					viewstest.TypeKey(d, []rune{13, 27, 127}[rng.IntN(3)], 0)
				} else {
					viewstest.Act(d, detailCommands[rng.IntN(len(detailCommands))])
				}
				d.Mouse(views.Mouse{X: rng.IntN(130), Y: rng.IntN(45), Wheel: max(rng.IntN(9)-6, 0)})
				d.Status(env)
			}
			viewstest.CheckSize(t, viewstest.Frame(d, env, width, 1+rng.IntN(45)))
			if len(d.lines) > 0 && (d.Row < d.Top || d.Row >= d.Top+d.Page() || d.Row >= len(d.lines)) {
				t.Errorf("the cursor is on line %d, the screen shows %d from %d of %d", d.Row, d.Page(), d.Top, len(d.lines))
			}
			if t.Failed() {
				t.Fatalf("at a width of %d", width)
			}
		}
	}
}
