package query

import (
	"fmt"
	"regexp/syntax"
	"strings"

	"tracefall/sources/trace"
)

// fit brings a constant into the canonical form of the type it is compared with, or says why it cannot be.
func fit(r Ref, o Op, v Literal) (Literal, problem) {
	typ := r.Type()
	name := FormatRef(r)
	switch {
	case o.ordered() && !typ.ordered():
		return v, problem{fmt.Sprintf("%s is %s and has no order; use = or !=", name, typeNames[typ]), ""}
	case o.Textual() && !typ.Textual():
		return v, problem{fmt.Sprintf("%s is %s; %s compares text", name, typeNames[typ], o), ""}
	case o == OpContains:
		return Literal{Text: v.Text}, problem{}
	case o == OpRegex || o == OpNotRegex:
		return Literal{Text: v.Text}, checkPattern(v.Text)
	}
	switch typ {
	case TypeAny:
		if o.ordered() && !v.Quoted && (v.Text == "true" || v.Text == "false") {
			return v, problem{v.Text + " has no order; use = or !=", ""}
		}
		return v, problem{}
	case TypeText:
		if !v.Quoted && refusesUnquoted(r, v.Text) {
			return v, problem{fmt.Sprintf("%s is text and %s is %s; quotes make it text", name, v.Text, typeNames[readsAs(v.Text)]), quote(v.Text)}
		}
		return Literal{Text: v.Text}, problem{}
	case TypeFinding:
		return Literal{Text: v.Text}, problem{}
	case TypeID:
		return Literal{Text: canonicalID(r.Field, v.Text)}, problem{}
	case TypeDuration, TypeTime, TypeNumber:
		return fitQuantity(name, typ, v)
	default:
	}
	return fitWord(name, typ, v)
}

// fitListed fits a value of a list to what it is compared with.
func fitListed(t *Term, v Literal) (Literal, problem) {
	if t.Kind == KindIn || t.Kind == KindNotIn {
		if !v.Quoted && strings.ContainsAny(v.Text, "*?") {
			return v, problem{"a list takes no wildcards", quote(v.Text)}
		}
		if !v.Quoted && v.Text == "nil" {
			return v, problem{"nil cannot stand in a list; quote the text", quote(v.Text)}
		}
		return fit(t.Ref, OpEq, v)
	}
	if t.Ref.Field != FieldNone {
		return v, problem{fmt.Sprintf("%s searches attributes; %s is a field", listWords[t.Kind], FormatRef(t.Ref)), ""}
	}
	if !consists(v.Text, IsTermRune) {
		return v, problem{listWords[t.Kind] + " takes single words of letters and digits", ""}
	}
	if v.Text == "" || len(v.Text) > 255 {
		return v, problem{listWords[t.Kind] + " takes words of 1 to 255 bytes", ""}
	}
	return Literal{Text: v.Text}, problem{}
}

// listWords are the words before a list.
var listWords = map[Kind]string{KindIn: "in", KindNotIn: "not in", KindPhrase: "phrase", KindFulltext: "fulltext"}

func canonicalID(f Field, text string) string {
	if f == FieldTraceID || f == FieldLinkTrace {
		return trace.ParseTraceID(text).String()
	}
	return trace.ParseSpanID(text).String()
}

// fitQuantity reads a duration, a time or a number, which stays as it is written.
func fitQuantity(name string, typ FieldType, v Literal) (Literal, problem) {
	switch d := ReadAs(typ, v.Text); {
	case d.Kind == TypeNumber:
		return Literal{Text: v.Text}, problem{}
	case d.Kind == typ:
		return Literal{Text: d.String()}, problem{}
	case typ == TypeTime:
		return v, problem{fmt.Sprintf("invalid time %q (use 2026-08-16T18:56:20Z)", Shorten(v.Text)), ""}
	case typ == TypeNumber:
		return v, problem{fmt.Sprintf("invalid number %q for %s", Shorten(v.Text), name), ""}
	case isNumber(v.Text):
		return v, problem{name + " needs a unit: ns, us, ms, s, m or h", v.Text + "ms"}
	}
	return v, problem{fmt.Sprintf("invalid duration %q (use 200ms, 1.5s)", Shorten(v.Text)), ""}
}

// fitWord reads a word of a closed vocabulary.
func fitWord(name string, typ FieldType, v Literal) (Literal, problem) {
	word := strings.ToLower(v.Text)
	switch typ {
	case TypeKind:
		if k, ok := trace.ParseKind(v.Text); ok {
			return Literal{Text: k.String()}, problem{}
		}
	case TypeStatus:
		if s, ok := trace.ParseStatus(v.Text); ok {
			return Literal{Text: s.String()}, problem{}
		}
	default:
		if word == "true" || word == "false" {
			return Literal{Text: word}, problem{}
		}
	}
	all := typ.Words()
	if typ == TypeStatus && isNumber(v.Text) {
		return v, problem{fmt.Sprintf("invalid value %q for %s (use %s; HTTP codes: http.status_code)", Shorten(v.Text), name, oneOf(all)), ""}
	}
	return v, problem{fmt.Sprintf("invalid value %q for %s (use %s)", Shorten(v.Text), name, oneOf(all)), Nearest(word, all)}
}

func oneOf(words []string) string {
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + " or " + words[last]
}

// longestPattern bounds, in bytes, what compiling a regular expression can cost.
const longestPattern = 4096

// checkPattern reports whether RE2 takes a pattern.
func checkPattern(pattern string) problem {
	if len(pattern) > longestPattern {
		return problem{fmt.Sprintf("a regular expression has at most %d bytes", longestPattern), ""}
	}
	if _, err := syntax.Parse(pattern, syntax.Perl); err != nil {
		text := strings.TrimPrefix(err.Error(), "error parsing regexp: ")
		return problem{"the regular expression (RE2) is not valid: " + Shorten(text), ""}
	}
	return problem{}
}

// ReadAs returns a term about a twin as one about what it is read as; ok is false where its constants do not fit that,
// so that it cannot hold.
func (t *Term) ReadAs(r Ref) (as *Term, ok bool) {
	copied := *t
	copied.Ref = r
	if t.Kind == KindPhrase || t.Kind == KindFulltext {
		return &copied, r.Field == FieldNone
	}
	copied.Values = make([]Literal, len(t.Values))
	for i, v := range t.Values {
		var wrong problem
		if copied.Values[i], wrong = fit(r, t.Op, v); wrong != (problem{}) {
			return nil, false
		}
	}
	return &copied, true
}

// refusesUnquoted reports whether a text, written without quotes, is refused beside a reference: where that holds text,
// a number or a duration, true or false was probably not meant. A version may be a number.
func refusesUnquoted(r Ref, text string) bool {
	return r.Field != FieldNone && r.Field != FieldScopeVersion && r.Type() == TypeText && readsAsOther(text)
}

// readsAsOther reports whether a text, written without quotes, is no text: a number, a duration, true or false.
func readsAsOther(text string) bool {
	return text == "true" || text == "false" || readsAsQuantity(text)
}

// readsAs is the type of a text for which readsAsOther holds.
func readsAs(text string) FieldType {
	if e := readConstant(text); e != nil {
		return e.Type
	}
	return TypeBool
}

// Equals writes the term that asks for a value: key is a field or an attribute as Attribute writes it.
func Equals(key, value string) string {
	return key + "=" + formatConstant(Ref{Field: fieldNamed(key)}, Literal{Text: value})
}

// formatConstant writes a constant beside what it is compared with: text that reads as something else needs quotes
// where only text fits.
func formatConstant(r Ref, v Literal) string {
	if refusesUnquoted(r, v.Text) {
		return quote(v.Text)
	}
	return formatLiteral(v)
}

func formatLiteral(v Literal) string {
	if !v.Quoted && isBareValue(v.Text) && !strings.ContainsAny(v.Text, "*?") {
		return v.Text
	}
	return quote(v.Text)
}
