package query

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/jaegertracing/jaeger-idl/query/expression/v1"
)

// String returns the canonical text: Parse of it gives an equal query.
func (q *Query) String() string {
	var b strings.Builder
	switch {
	case q.root.kind != kindAll:
		format(&b, q.root)
	case len(q.stages) > 0:
		b.WriteString("{ }")
	}
	for i := range q.stages {
		formatStage(&b, &q.stages[i])
	}
	return b.String()
}

// format writes a term. The depth of the tree is bounded by the parser, so it may recur.
func format(b *strings.Builder, t *term) {
	switch t.kind {
	case kindAll:
		b.WriteString("{ }")
	case kindAnd, kindOr, kindBoth, kindEither:
		formatList(b, t)
	case kindNot:
		b.WriteString("NOT ")
		formatInner(b, t.terms[0], t.terms[0].kind == kindAnd || t.terms[0].kind == kindOr)
	case kindCompare:
		b.WriteString(formatRef(t.ref))
		b.WriteString(t.op.String())
		switch text := t.values[0].text; {
		case t.fold:
			b.WriteString("i" + quote(text))
		case t.op.textual() && text == "i": // bare it could be the suffix
			b.WriteString(quote(text))
		default:
			b.WriteString(formatLiteral(t.values[0]))
		}
	case kindCompareRefs:
		b.WriteString(formatRef(t.ref) + t.op.String() + "field(" + formatRef(t.other) + ")")
	case kindIn, kindNotIn, kindPhrase, kindFulltext:
		b.WriteString(formatRef(t.ref) + " " + listWords[t.kind] + " (")
		for i, v := range t.values {
			if i > 0 {
				b.WriteString(", ")
			}
			b.WriteString(formatLiteral(v))
		}
		b.WriteString(")")
	case kindHas:
		b.WriteString("has:" + formatRef(t.ref))
	case kindText:
		b.WriteString(quote(t.values[0].text))
	case kindSome:
		b.WriteString(string(t.level))
		formatInner(b, t.terms[0], true)
	case kindRelative:
		b.WriteString(relationNames[t.relation])
		formatInner(b, t.terms[0], true)
	case kindStructure:
		formatSpanset(b, t.terms[0], false)
		b.WriteString(" " + structureSign(t) + " ")
		formatSpanset(b, t.terms[1], true)
	}
}

var listWords = map[kind]string{kindIn: "in", kindNotIn: "not in", kindPhrase: "phrase", kindFulltext: "fulltext"}

func formatList(b *strings.Builder, t *term) {
	between := map[kind]string{kindAnd: " ", kindOr: " OR ", kindBoth: " && ", kindEither: " || "}[t.kind]
	for i, kid := range t.terms {
		if i > 0 {
			b.WriteString(between)
		}
		switch t.kind {
		case kindBoth:
			if kid.kind == kindEither {
				formatInner(b, kid, true)
				continue
			}
			formatSpanset(b, kid, false)
		case kindEither:
			if kid.kind == kindBoth {
				format(b, kid)
				continue
			}
			formatSpanset(b, kid, false)
		default:
			formatInner(b, kid, t.kind == kindAnd && kid.kind == kindOr)
		}
	}
}

// formatSpanset writes an operand of a spanset operator.
func formatSpanset(b *strings.Builder, t *term, right bool) {
	switch {
	case t.kind == kindAll:
		b.WriteString("{ }")
	case t.kind == kindStructure:
		formatInner(b, t, right)
	case t.kind.spanset():
		formatInner(b, t, true)
	default:
		b.WriteString("{ ")
		format(b, t)
		b.WriteString(" }")
	}
}

func formatInner(b *strings.Builder, t *term, parentheses bool) {
	if parentheses {
		b.WriteString("(")
	}
	format(b, t)
	if parentheses {
		b.WriteString(")")
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

func formatStage(b *strings.Builder, s *stage) {
	b.WriteString(" | ")
	switch s.kind {
	case stageBy:
		b.WriteString("by(" + formatRef(s.ref) + ")")
	case stageFilter:
		formatSpanset(b, s.term, false)
	case stageAggregate:
		b.WriteString(aggregateNames[s.fn] + "(")
		if s.fn != aggregateCount {
			b.WriteString(formatRef(s.ref))
		}
		b.WriteString(") " + s.op.String() + " " + formatLiteral(s.value))
	}
}

// formatRef writes what a term asks about so that it reads back as the same.
func formatRef(r ref) string {
	if r.field != fieldNone {
		return r.field.info().name
	}
	if r.level == "" {
		if isBareKey(r.key) && !reserved(r.key) {
			return r.key
		}
		return quote(r.key)
	}
	prefix := string(r.level) + "."
	if isBareKey(r.key) && fieldNamed(prefix+r.key) == fieldNone {
		return prefix + r.key
	}
	return prefix + quote(r.key)
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
