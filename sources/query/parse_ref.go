package query

import (
	"fmt"
	"strings"

	"github.com/jaegertracing/jaeger-idl/query/expression/v1"
)

// ref turns a key into what it names.
func (p *parser) ref(n name) Ref {
	unquoted := n.text[:n.bare]
	if key, ok := strings.CutPrefix(n.text, "parent."); ok && p.braces && n.bare >= len("parent.") {
		return p.parentRef(n, key)
	}
	if !n.quoted() {
		if r, ok := twinNamed(n.text); ok {
			return r
		}
		if f := fieldNamed(n.text); f != FieldNone {
			return Ref{Field: f}
		}
		if _, ok := ReadNumber(n.text); ok {
			p.fail(n.at, n.end, "the field comes first, then the operator, then the value", "")
		} else if _, ok := ReadDuration(n.text); ok {
			p.fail(n.at, n.end, "the field comes first, then the operator, then the value", "duration")
		}
	}
	if key, ok := strings.CutPrefix(n.text, "."); ok && n.bare > 0 && key != "" {
		if n.quoted() {
			return Ref{Key: key}
		}
		return Ref{Key: key, Instead: tagFields[key]} // TraceQL's spelling of an attribute of the span or its resource
	}
	sep := strings.IndexAny(unquoted, ".:")
	if sep < 0 {
		return p.attribute(n, "", n.text)
	}
	level, ok := levelPrefixes[n.text[:sep]]
	if !ok {
		return p.attribute(n, "", n.text)
	}
	if n.text[sep] == ':' || level == "" {
		p.unknownField(n, n.text[:sep+1])
	}
	return p.attribute(n, level, n.text[sep+1:])
}

// twinNamed returns the reference of a name that stands for an attribute and for a field.
func twinNamed(text string) (r Ref, ok bool) {
	if f := tagFields[text]; f != FieldNone {
		return Ref{Key: text, Instead: f}, true
	}
	level, key, _ := strings.Cut(text, ".")
	if f := twinOf(expression.Level(level), key); f != FieldNone {
		return Ref{Level: expression.Level(level), Key: key, Instead: f}, true
	}
	return Ref{}, false
}

// parentRef returns what a name behind parent. names.
func (p *parser) parentRef(n name, key string) Ref {
	r := Ref{Key: key, Parent: true}
	for _, level := range []expression.Level{expression.LevelSpan, expression.LevelResource} {
		if rest, ok := strings.CutPrefix(key, string(level)+"."); ok && n.bare >= len("parent.")+len(level)+1 {
			r.Level, r.Key = level, rest
		}
	}
	if !n.quoted() {
		level := r.Level
		if level == "" {
			level = expression.LevelSpan
		}
		if r.Instead = twinOf(level, r.Key); r.Instead != FieldNone {
			r.Level = level // parent.duration is parent.span.duration
		}
	}
	if r.Key == "" {
		p.fail(n.at, n.end, "a key is missing", "")
	}
	return r
}

func (p *parser) attribute(n name, level expression.Level, key string) Ref {
	if key == "" {
		p.fail(n.at, n.end, "a key is missing", "")
	}
	return Ref{Level: level, Key: key}
}

// unknownField refuses a field that its level does not have.
func (p *parser) unknownField(n name, prefix string) {
	level := prefix[:len(prefix)-1]
	names := FieldSpellings(prefix)
	endings := make([]string, len(names))
	for i, name := range names {
		endings[i] = name[len(prefix):]
	}
	meant := Nearest(n.text[len(prefix):], endings)
	if meant != "" {
		meant = prefix + meant
	}
	message := fmt.Sprintf("%s has no field %s; it has %s", level, n.text[len(prefix):], strings.Join(names, " "))
	if meant != "" {
		message = fmt.Sprintf("%s has no field %s", level, n.text[len(prefix):])
	} else if len(names) == 0 {
		message = fmt.Sprintf("%s has no fields; an attribute is written %s.%s", level, level, n.text[len(prefix):])
	}
	p.fail(n.at, n.end, message, meant)
}
