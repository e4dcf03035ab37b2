package ask_test

import (
	"cmp"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"tracefall/sources/query"
	"tracefall/sources/query/ask"
	"tracefall/sources/trace"
)

// tempo reads an expression of TraceQL and evaluates it for one trace. Integers, floating-point numbers and texts are three
// different values; a comparison of two different ones never holds, nor does one with an attribute that is missing; bytes are
// not found; regular expressions match the whole of texts.
type tempo struct {
	t    *testing.T
	of   *trace.Trace
	text string
	pos  int
	re   map[string]*regexp.Regexp

	generous bool // finds bytes, other spellings of numbers and durations, and numbers by their text
}

func (r *tempo) space() {
	for r.pos < len(r.text) && r.text[r.pos] == ' ' {
		r.pos++
	}
}

func (r *tempo) take(sign string) bool {
	r.space()
	if strings.HasPrefix(r.text[r.pos:], sign) {
		r.pos += len(sign)
		return true
	}
	return false
}

func (r *tempo) want(sign string) {
	if !r.take(sign) {
		r.t.Fatalf("TraceQL needs %s: %s", sign, r)
	}
}

// expression reads operands and operators between them; which bind closer is left to parentheses.
func (r *tempo) expression() []bool {
	found := r.operand()
	first := ""
	for {
		op := ""
		for _, sign := range []string{"&&", "||", "!>>", "!<<", "&>>", "&<<", "!>", "!<", "!~", "&>", "&<", "&~", ">>", "<<", ">", "<", "~"} {
			if r.take(sign) {
				op = sign
				break
			}
		}
		if op == "" {
			return found
		}
		if first != "" && op != first || first != "" && op != "&&" && op != "||" {
			r.t.Fatalf("TraceQL joins by %s and %s without parentheses: %s", first, op, r)
		}
		first = op
		found = r.combined(found, op, r.operand())
	}
}

func (r *tempo) combined(left []bool, op string, right []bool) []bool {
	found := make([]bool, len(left))
	some := func(set []bool) bool { return strings.Contains(strconv.Quote(string(marks(set))), "x") }
	for i := range found {
		switch op {
		case "||":
			found[i] = left[i] || right[i]
			continue
		case "&&":
			found[i] = (left[i] || right[i]) && some(left) && some(right)
			continue
		}
		relation := strings.TrimLeft(op, "!&")
		related, partner := false, false
		for j := range left {
			related = related || left[j] && r.related(relation, j, i)
			partner = partner || right[j] && r.related(relation, i, j)
		}
		found[i] = right[i] && related != (op[0] == '!') || op[0] == '&' && left[i] && partner
	}
	return found
}

func marks(set []bool) []byte {
	b := make([]byte, len(set))
	for i, in := range set {
		if b[i] = '-'; in {
			b[i] = 'x'
		}
	}
	return b
}

// related reports whether span b stands on the right of span a.
func (r *tempo) related(relation string, a, b int) bool {
	switch relation {
	case ">":
		return r.of.Parent(b) == a
	case "<":
		return r.of.Parent(a) == b
	case ">>", "<<":
		if relation == "<<" {
			a, b = b, a
		}
		for p := r.of.Parent(b); p >= r.of.First(); p = r.of.Parent(p) {
			if p == a {
				return true
			}
		}
		return false
	}
	p := r.of.Parent(a)
	return a != b && p >= r.of.First() && p == r.of.Parent(b)
}

func (r *tempo) operand() []bool {
	if r.take("(") {
		found := r.expression()
		r.want(")")
		return found
	}
	r.want("{")
	found := make([]bool, r.of.Len())
	from := r.pos
	for i := range found {
		r.pos = from
		r.space()
		holds := r.text[r.pos] == '}' || r.either(r.of.Span(i))
		found[i] = holds && i >= r.of.First()
	}
	r.want("}")
	return found
}

func (r *tempo) either(s trace.Span) bool {
	holds := r.every(s)
	for r.take("||") {
		one := r.every(s)
		holds = holds || one
	}
	return holds
}

func (r *tempo) every(s trace.Span) bool {
	holds := r.one(s)
	for r.take("&&") {
		one := r.one(s)
		holds = holds && one
	}
	return holds
}

func (r *tempo) one(s trace.Span) bool {
	if r.take("(") {
		holds := r.either(s)
		r.want(")")
		return holds
	}
	ref := r.reference()
	op := ""
	for _, sign := range []string{"=~", "!~", "!=", ">=", "<=", "=", ">", "<"} {
		if r.take(sign) {
			op = sign
			break
		}
	}
	if op == "" {
		r.t.Fatalf("TraceQL needs an operator: %s", r)
	}
	constant := r.constant()
	for _, v := range r.values(s, ref) {
		if r.compares(v, op, constant) {
			return true
		}
	}
	return false
}

// reference reads a field or an attribute, whose key may stand between quotes.
func (r *tempo) reference() string {
	r.space()
	from := r.pos
	for r.pos < len(r.text) && r.text[r.pos] != ' ' && r.text[r.pos] != '"' {
		r.pos++
	}
	ref := r.text[from:r.pos]
	if r.pos < len(r.text) && r.text[r.pos] == '"' {
		return ref + r.quoted()
	}
	return ref
}

func (r *tempo) quoted() string {
	prefix, err := strconv.QuotedPrefix(r.text[r.pos:])
	if err != nil {
		r.t.Fatalf("TraceQL has no end of a text: %s", r)
	}
	r.pos += len(prefix)
	text, err := strconv.Unquote(prefix)
	if err != nil {
		r.t.Fatal(err)
	}
	return text
}

// typed is a value as Tempo tells them apart.
type typed struct {
	kind  string // text, int, float, bool, word, duration, list, nil
	text  string
	int   int64
	float float64
}

func (r *tempo) constant() typed {
	r.space()
	if r.text[r.pos] == '"' {
		return typed{kind: "text", text: r.quoted()}
	}
	from := r.pos
	for r.pos < len(r.text) && !strings.ContainsRune(" )}", rune(r.text[r.pos])) {
		r.pos++
	}
	word := r.text[from:r.pos]
	if n, err := strconv.ParseInt(word, 10, 64); err == nil {
		return typed{kind: "int", int: n}
	}
	if d, err := time.ParseDuration(word); err == nil {
		return typed{kind: "duration", int: int64(d)}
	}
	if f, err := strconv.ParseFloat(word, 64); err == nil {
		return typed{kind: "float", float: f}
	}
	switch word {
	case "nil":
		return typed{kind: "nil"}
	case "true", "false":
		return typed{kind: "bool", text: word}
	}
	return typed{kind: "word", text: word}
}

func (r *tempo) compares(v typed, op string, c typed) bool {
	if c.kind == "nil" {
		return op == "!="
	}
	searched := op == "=~" || op == "!~"
	if v.kind != c.kind && (!r.generous || !searched) || v.kind == "list" && !searched {
		return false
	}
	if r.generous && op == "=" && v.kind == "text" && sameValue(v.text, c.text) {
		return true
	}
	if v.kind != "text" && v.kind != "bool" && v.kind != "word" && !searched {
		v.text = ""
	}
	order := cmp.Or(cmp.Compare(v.int, c.int), cmp.Compare(v.float, c.float), cmp.Compare(v.text, c.text))
	switch op {
	case "=~", "!~":
		if r.re[c.text] == nil {
			r.re[c.text] = regexp.MustCompile("^(?:" + c.text + ")$")
		}
		return r.re[c.text].MatchString(v.text) == (op == "=~")
	case "=":
		return order == 0
	case "!=":
		return order != 0
	case ">":
		return order > 0
	case ">=":
		return order >= 0
	case "<":
		return order < 0
	default:
		return order <= 0
	}
}

// values are those of a reference; bytes are none.
func (r *tempo) values(s trace.Span, ref string) []typed {
	text := func(text string) []typed { return []typed{{kind: "text", text: text}} }
	word := func(text string) []typed { return []typed{{kind: "word", text: text}} }
	duration := func(ns int64) []typed { return []typed{{kind: "duration", int: ns}} }
	switch ref {
	case "name":
		return text(s.Name())
	case "resource.service.name":
		if s.Service() == "" {
			return nil
		}
		return text(s.Service())
	case "duration":
		return duration(s.Duration())
	case "status":
		return word(s.Status().String())
	case "kind":
		return word(s.Kind().String())
	case "statusMessage":
		return text(s.StatusMessage())
	case "instrumentation:name":
		return optional(s.Scope().Name())
	case "instrumentation:version":
		return optional(s.Scope().Version())
	case "span:id":
		return text(s.ID().String())
	case "traceDuration":
		from, to := r.of.Extent()
		return duration(to - from)
	case "rootServiceName":
		return text(r.of.Root().Service())
	case "rootName":
		return text(r.of.Root().Name())
	case "event:name", "event:timeSinceStart":
		var all []typed
		for i := range s.Events() {
			if ref == "event:name" {
				all = append(all, text(s.Event(i).Name())...)
			} else {
				all = append(all, duration(s.Event(i).Time()-s.Start())...)
			}
		}
		return all
	case "link:traceID", "link:spanID":
		var all []typed
		for _, l := range s.Links() {
			if ref == "link:traceID" {
				all = append(all, text(l.TraceID().String())...)
			} else {
				all = append(all, text(l.SpanID().String())...)
			}
		}
		return all
	}
	scope, key, _ := strings.Cut(ref, ".")
	level := map[string]string{"instrumentation": "scope"}[scope]
	if level == "" {
		level = scope
	}
	if !strings.Contains("span resource scope event link", level) || key == "" {
		r.t.Fatalf("TraceQL knows no %s: %s", ref, r)
	}
	var all []typed
	for _, a := range appendAttributes(make([]attribute, 0, 16), s, level) {
		if a.key == key {
			all = append(all, r.typedOf(a.value)...)
		}
	}
	return all
}

func optional(text string) []typed {
	if text == "" {
		return nil
	}
	return []typed{{kind: "text", text: text}}
}

func (r *tempo) typedOf(v trace.Value) []typed {
	text := ""
	if r.generous {
		text = v.String() // by which it is searched; one that is compared is compared with another of its kind
	}
	switch v.Type() {
	case trace.TypeString:
		return []typed{{kind: "text", text: v.Text()}}
	case trace.TypeInt:
		return []typed{{kind: "int", int: v.Int(), text: text}}
	case trace.TypeFloat:
		return []typed{{kind: "float", float: v.Float(), text: text}}
	case trace.TypeBool:
		return []typed{{kind: "bool", text: v.String()}}
	case trace.TypeJSON:
		return []typed{{kind: "list", text: text}}
	default:
		if r.generous {
			return []typed{{kind: "list", text: text}}
		}
		return nil
	}
}

func TestNarrowing(t *testing.T) {
	for text, want := range map[string]string{
		"service=cart": `{ resource.service.name = "cart" }`,
		`service=cart kind=server name="GET /cart"`:                                `{ resource.service.name = "cart" && kind = server && name = "GET /cart" }`,
		"service=cart (name=a OR name=b) error=true http.response.status_code=503": `{ resource.service.name = "cart" }`, // what is either one or another does not narrow
		"cart.id=7a duration>1s":                                                   `{ .cart.id = "7a" && duration > 1s }`,
		"NOT service=cart":                                                         "",
		"parent(service=cart) self>1s":                                             "",
		"":                                                                         "",
	} {
		q, err := query.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		if got := ask.Narrowing(q); got != want {
			t.Errorf("%s: %s, want %s", text, got, want)
		}
	}
}
