package query

import (
	"cmp"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/jaegertracing/jaeger-idl/query/expression/v1"
)

// reader reads what names something, and looks ahead where only what follows says what a word is.
type reader struct {
	scanner
	braces bool // within { }
}

// ref turns a key into what it names.
func (r *reader) ref(n name) Ref {
	named := r.named(n)
	if named.Field == FieldNone && named.Key == "" {
		r.fail(n.at, n.end, "a key is missing", "")
	}
	return named
}

func (r *reader) named(n name) Ref {
	if key, ok := strings.CutPrefix(n.text, "parent."); ok && r.braces && n.bare >= len("parent.") {
		return ofParent(n, key)
	}
	if !n.quoted() {
		if twin, ok := twinNamed(n.text); ok {
			return twin
		}
		if f := fieldNamed(n.text); f != FieldNone {
			return Ref{Field: f}
		}
		if isNumber(n.text) {
			r.fail(n.at, n.end, "the field comes first, then the operator, then the value", "")
		} else if readsAsQuantity(n.text) {
			r.fail(n.at, n.end, "the field comes first, then the operator, then the value", "duration")
		}
	}
	if key, ok := strings.CutPrefix(n.text, "."); ok && n.bare > 0 && key != "" {
		if n.quoted() {
			return Ref{Key: key}
		}
		return Ref{Key: key, Instead: tagFields[key]} // TraceQL's spelling of an attribute of the span or its resource
	}
	sep := strings.IndexAny(n.text[:n.bare], ".:")
	level, ok := levelPrefixes[n.text[:max(sep, 0)]]
	if !ok {
		return Ref{Key: n.text}
	}
	if n.text[sep] == ':' || level == "" {
		r.unknownField(n, n.text[:sep+1])
	}
	return Ref{Level: level, Key: n.text[sep+1:]}
}

// ofParent returns what a name behind parent. names.
func ofParent(n name, key string) Ref {
	r := Ref{Key: key, Parent: true}
	for _, level := range []expression.Level{expression.LevelSpan, expression.LevelResource} {
		if rest, ok := strings.CutPrefix(key, string(level)+"."); ok && n.bare >= len("parent.")+len(level)+1 {
			r.Level, r.Key = level, rest
		}
	}
	if !n.quoted() {
		level := cmp.Or(r.Level, expression.LevelSpan)
		if r.Instead = twinOf(level, r.Key); r.Instead != FieldNone {
			r.Level = level // parent.duration is parent.span.duration
		}
	}
	return r
}

// unknownField refuses a field that its level does not have.
func (r *reader) unknownField(n name, prefix string) {
	level, field := prefix[:len(prefix)-1], n.text[len(prefix):]
	names := FieldSpellings(prefix)
	endings := mapped(names, func(name string) string { return name[len(prefix):] })
	message, meant := fmt.Sprintf("%s has no field %s", level, field), Nearest(field, endings)
	switch {
	case meant != "":
		meant = prefix + meant
	case len(names) == 0:
		message = fmt.Sprintf("%s has no fields; an attribute is written %s.%s", level, level, field)
	default:
		message += "; it has " + strings.Join(names, " ")
	}
	r.fail(n.at, n.end, message, meant)
}

// attributeName reads an attribute as TraceQL writes it: a point or a level in front, and then all but white space and
// the signs that mean something, or parts between quoter.
func (r *reader) attributeName() (n name, ok bool) {
	from := r.pos
	n = name{at: from, bare: -1}
	prefix := r.attributePrefix()
	if prefix == "" {
		return n, false
	}
	n.text = prefix
	r.pos += len(prefix)
	for r.err == nil {
		end := r.word(r.pos, isAttributeRune)
		n.text += r.text[r.pos:end]
		r.pos = end
		if r.peek() != '"' {
			break
		}
		if n.bare < 0 {
			n.bare = len(n.text)
		}
		n.text += r.quoted()
	}
	if r.err == nil && len(n.text) == len(prefix) {
		r.fail(from, r.pos, "a key is missing", "")
	}
	return r.ended(n), true
}

// attributePrefix returns what an attribute of TraceQL begins with, "" where none comer.
func (r *reader) attributePrefix() string {
	rest := r.text[r.pos:]
	if strings.HasPrefix(rest, ".") && len(rest) > 1 {
		return "."
	}
	prefix := ""
	for {
		word, _, ok := strings.Cut(rest[:min(len(rest), 24)], ".")
		level, known := levelPrefixes[word]
		switch {
		case !ok:
			return prefix
		case word == "parent" && prefix == "":
			prefix = "parent."
			rest = rest[len(prefix):]
			continue
		case prefix != "" && word != "span" && word != "resource", !known || level == "":
			return prefix
		}
		return prefix + word + "."
	}
}

// isAttributeRune reports whether r may stand in an attribute of TraceQL without quoter.
func isAttributeRune(r rune) bool {
	return r != utf8.RuneError && r > ' ' && r != 0x7f && !strings.ContainsRune("{}()=~!<>&|,^\"`", r) && !unicode.IsSpace(r)
}
