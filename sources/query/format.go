package query

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/jaegertracing/jaeger-idl/query/expression/v1"
)

// String returns the canonical text: Parse of it gives an equal query.
func (q *Query) String() string {
	var w writer
	switch {
	case q.root.onlyInside(true):
		w.spanset(q.root, false)
	case q.root.kind != kindAll:
		w.term(q.root)
	case len(q.stages) > 0 || q.hints != "":
		w.WriteString("{ }")
	}
	for i := range q.stages {
		w.stage(&q.stages[i])
	}
	if q.hints != "" {
		w.WriteString(" with (" + q.hints + ")")
	}
	return w.String()
}

// onlyInside tells whether a term, which combines no spansets, can be said within { } only.
func (t *term) onlyInside(root bool) bool {
	if t.kind == kindCalc || t.kind == kindAll && !root {
		return true
	}
	if t.kind.spanset() {
		return false
	}
	for _, kid := range t.terms {
		if kid.onlyInside(false) {
			return true
		}
	}
	return false
}

// writer writes terms. The depth of the tree is bounded by the parser, so it may recur.
type writer struct {
	strings.Builder
	inside bool // within { }
}

func (w *writer) term(t *term) {
	switch t.kind {
	case kindAll:
		if w.inside {
			w.WriteString("true")
		} else {
			w.WriteString("{ }")
		}
	case kindAnd, kindOr, kindBoth, kindEither:
		w.list(t)
	case kindNot:
		w.WriteString("NOT ")
		w.inner(t.terms[0], t.terms[0].kind == kindAnd || t.terms[0].kind == kindOr)
	case kindCompare:
		w.comparison(t)
	case kindCompareRefs:
		w.WriteString(w.ref(t.ref) + t.op.String() + "field(" + formatRef(t.other) + ")")
	case kindCalc:
		w.WriteString(formatExpr(t.left) + " " + t.op.String() + " " + formatExpr(t.right))
	case kindIn, kindNotIn, kindPhrase, kindFulltext:
		w.WriteString(w.ref(t.ref) + " " + listWords[t.kind] + " (")
		for i, v := range t.values {
			if i > 0 {
				w.WriteString(", ")
			}
			w.WriteString(formatConstant(t.ref, v))
		}
		w.WriteString(")")
	case kindHas:
		w.WriteString("has:" + formatRef(t.ref))
	case kindText:
		w.WriteString(quote(t.values[0].text))
	case kindSome:
		w.WriteString(string(t.level))
		w.inner(t.terms[0], true)
	case kindRelative:
		w.WriteString(relationNames[t.relation])
		w.inner(t.terms[0], true)
	case kindStructure:
		w.spanset(t.terms[0], false)
		w.WriteString(" " + structureSign(t) + " ")
		w.spanset(t.terms[1], true)
	case kindPipeline:
		w.spanset(t.terms[0], false)
		for i := range t.stages {
			w.stage(&t.stages[i])
		}
	}
}

// comparison writes a key, an operator and a constant.
func (w *writer) comparison(t *term) {
	w.WriteString(w.ref(t.ref))
	w.WriteString(t.op.String())
	switch v := t.values[0]; {
	case t.fold:
		w.WriteString("i" + quote(v.text))
	case w.inside && (t.op == opRegex || t.op == opNotRegex):
		w.WriteString(quote(inside(v.text)))
	case t.op.textual() && v.text == "i": // bare it could be the suffix
		w.WriteString(quote(v.text))
	case w.inside && !t.op.textual() && !readsBack(t.ref, v):
		w.WriteString(quote(v.text))
	case t.op.textual():
		w.WriteString(formatLiteral(v))
	default:
		w.WriteString(formatConstant(t.ref, v))
	}
}

// ref writes what a term asks about. Within { } a quoted key needs a point, as it would be a text.
func (w *writer) ref(r ref) string {
	text := formatRef(r)
	if w.inside && r.field == fieldNone && r.level == "" && text[0] == '"' {
		return "." + text
	}
	return text
}

// formatConstant writes a constant beside what it is compared with: text that reads as something else needs quotes
// where only text fits.
func formatConstant(r ref, v literal) string {
	if r.refusesUnquoted(v.text) {
		return quote(v.text)
	}
	return formatLiteral(v)
}

// readsBack tells whether a constant, written within { }, is read as that constant and not as a calculation or a
// reference.
func readsBack(r ref, v literal) bool {
	text := formatConstant(r, v)
	p := &parser{scanner: scanner{text: text + " "}, braces: true, right: true}
	o := p.sum()
	if p.err != nil || o.e == nil || p.pos != len(text) {
		return false
	}
	return o.e.kind == exprWord || o.e.kind == exprConstant && o.e.value.text == v.text ||
		o.e.kind == exprRef && isWordOf(r.typ(), v.text)
}

var listWords = map[kind]string{kindIn: "in", kindNotIn: "not in", kindPhrase: "phrase", kindFulltext: "fulltext"}

func (w *writer) list(t *term) {
	between := map[kind]string{kindAnd: " ", kindOr: " OR ", kindBoth: " && ", kindEither: " || "}[t.kind]
	for i, kid := range t.terms {
		switch {
		case i == 0:
		case t.kind == kindAnd && (kid.kind == kindCalc || kid.kind == kindAll || t.terms[i-1].kind == kindAll):
			w.WriteString(" && ") // a minus would be that of the term before, and a constant needs an operator
		default:
			w.WriteString(between)
		}
		switch t.kind {
		case kindBoth:
			if kid.kind == kindEither {
				w.inner(kid, true)
				continue
			}
			w.spanset(kid, false)
		case kindEither:
			if kid.kind == kindBoth {
				w.term(kid)
				continue
			}
			w.spanset(kid, false)
		default:
			w.inner(kid, t.kind == kindAnd && kid.kind == kindOr)
		}
	}
}

// spanset writes an operand of a spanset operator.
func (w *writer) spanset(t *term, right bool) {
	switch {
	case t.kind == kindAll:
		w.WriteString("{ }")
	case t.kind == kindStructure:
		w.inner(t, right)
	case t.kind.spanset():
		w.inner(t, true)
	default:
		w.WriteString("{ ")
		w.inside = true
		w.term(t)
		w.inside = false
		w.WriteString(" }")
	}
}

func (w *writer) inner(t *term, parentheses bool) {
	if parentheses {
		w.WriteString("(")
	}
	w.term(t)
	if parentheses {
		w.WriteString(")")
	}
}

func structureSign(t *term) string {
	sign := relationSigns[t.relation]
	switch {
	case t.negated:
		return "!" + sign
	case t.union:
		return "&" + sign
	}
	return sign
}

func (w *writer) stage(s *stage) {
	w.WriteString(" | ")
	switch s.kind {
	case stageBy:
		key := formatRef(s.ref)
		if s.left != nil {
			key = formatExpr(s.left)
		}
		w.WriteString("by(" + key + ")")
	case stageFilter:
		if s.term.kind.spanset() {
			w.inner(s.term, true)
			return
		}
		w.spanset(s.term, false)
	case stageAggregate:
		key := ""
		if s.fn != aggregateCount {
			key = formatRef(s.ref)
		}
		w.WriteString(aggregateNames[s.fn] + "(" + key + ") " + s.op.String() + " " + formatLiteral(s.value))
	case stageCompare:
		w.WriteString(formatExpr(s.left) + " " + s.op.String() + " " + formatExpr(s.right))
	case stageCoalesce:
		w.WriteString("coalesce()")
	case stageSelect:
		names := make([]string, len(s.refs))
		for i, r := range s.refs {
			names[i] = formatRef(r)
		}
		w.WriteString("select(" + strings.Join(names, ", ") + ")")
	}
}

// formatRef writes what a term asks about so that it reads back as the same.
func formatRef(r ref) string {
	if r.field != fieldNone {
		return r.field.info().name
	}
	if r.parent {
		return formatRefInside(r)
	}
	prefix := ""
	if r.level != "" {
		prefix = string(r.level) + "."
	}
	if r.bare() && (r.level != "" || !reserved(r.key)) {
		return prefix + r.key
	}
	return prefix + quote(r.key)
}

// bare tells whether the key of an attribute needs no quotes behind its level. Quotes say that no field is meant.
func (r ref) bare() bool {
	if !isBareKey(r.key) {
		return false
	}
	twin := tagFields[r.key]
	switch {
	case r.parent && r.level == "":
		first, _, _ := strings.Cut(r.key, ".")
		if _, level := levelPrefixes[first]; level {
			return false
		}
		twin = twinOf(expression.LevelSpan, r.key)
	case r.level != "":
		if twin = twinOf(r.level, r.key); twin == fieldNone && fieldNamed(string(r.level)+"."+r.key) != fieldNone {
			return false
		}
	}
	return (r.instead != fieldNone) == (twin != fieldNone)
}

// reserved tells whether a bare key would read as something else than an attribute.
func reserved(key string) bool {
	if fieldNamed(key) != fieldNone {
		return true
	}
	switch strings.ToLower(key) {
	case "and", "or", "not", "in", "phrase", "fulltext", "has", "field":
		return true
	}
	if _, ok := readNumber(key); ok {
		return true
	}
	if _, ok := readDuration(key); ok {
		return true
	}
	dot := strings.IndexByte(key, '.')
	if dot < 0 {
		return false
	}
	_, level := levelPrefixes[key[:dot]]
	return level
}

// levelPrefixes are what stands in front of a dot or colon for a level; trace and root have fields only.
var levelPrefixes = map[string]expression.Level{
	"span": expression.LevelSpan, "resource": expression.LevelResource, "scope": expression.LevelScope,
	"instrumentation": expression.LevelScope, "event": expression.LevelEvent, "link": expression.LevelLink,
	"trace": "", "root": "",
}

func formatLiteral(v literal) string {
	if !v.quoted && isBareValue(v.text) && !strings.ContainsAny(v.text, "*?") {
		return v.text
	}
	return quote(v.text)
}

// quote writes text between quotes so that it reads back byte for byte. Everything that a terminal could take
// for more than a character is escaped.
func quote(text string) string {
	const digits = "0123456789abcdef"
	b := make([]byte, 0, len(text)+2)
	b = append(b, '"')
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		switch {
		case r == '"' || r == '\\':
			b = append(b, '\\', byte(r))
		case r == '\n':
			b = append(b, `\n`...)
		case r == '\t':
			b = append(b, `\t`...)
		case r == '\r':
			b = append(b, `\r`...)
		case r == utf8.RuneError && size == 1 || r < ' ' || r == 0x7f:
			b = append(b, '\\', 'x', digits[text[i]>>4], digits[text[i]&15])
		case !unicode.IsPrint(r) && r <= 0xffff:
			b = append(b, '\\', 'u', digits[r>>12], digits[r>>8&15], digits[r>>4&15], digits[r&15])
		default:
			b = append(b, text[i:i+size]...)
		}
		i += size
	}
	return string(append(b, '"'))
}
