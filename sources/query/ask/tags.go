package ask

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/jaegertracing/jaeger-idl/query/expression/v1"

	"tracefall/sources/query"
	"tracefall/sources/trace"
)

// Tags compare texts that are equal, and one span must satisfy all of a request. A choice becomes several requests.

// mostParts is how many requests a query may become; what needs more stays here.
const mostParts = 6

// Why a server may leave out what a tag asks for.
const (
	errorTag = `finds spans of status error in most storages, not messages in the tag "error"`
	kindTag  = "some storages do not keep the kind as a tag"
)

// tags is the dialect of Jaeger's search parameters.
type tags struct{ victoria bool }

// askTags asks in Jaeger's search parameters.
func askTags(t *query.Term, opt Options) Ask {
	s := builder[[]Part]{tags{opt.Victoria}, opt}.question(t)
	a := answer(Tags, s, s.expr)
	a.Service = a.Parts[0].Service
	for _, p := range a.Parts {
		if p.Service != a.Service {
			a.Service = ""
		}
	}
	return a
}

func (d tags) leaf(t *query.Term) []choice[[]Part] {
	var parts []Part
	var reason string
	exact, ok := false, false
	switch t.Ref.Field {
	case query.FieldNone:
		parts, reason, ok = d.attribute(t)
	case query.FieldService:
		parts, exact = fieldParts(t, func(text string) Part { return Part{Service: text} })
		ok = exact
	case query.FieldName:
		parts, exact = fieldParts(t, func(text string) Part { return Part{Operation: text} })
		ok = exact
	case query.FieldDuration:
		var ranges []span
		ranges, exact, ok = durationRanges(t)
		for _, r := range ranges {
			parts = append(parts, Part{DurationMin: r.least, DurationMax: r.most})
		}
	case query.FieldError:
		parts, reason, ok = tagged(errorKey, []string{"true"}), errorTag, slices.Equal(wordsOf(t), []string{"true"})
	case query.FieldStatus:
		parts, reason, ok = tagged(errorKey, []string{"true"}), errorTag, slices.Equal(wordsOf(t), []string{trace.StatusError.String()})
	case query.FieldKind:
		words := wordsOf(t)
		parts, reason, ok = tagged(query.KindTag, words), kindTag, !slices.Contains(words, trace.KindUnspecified.String())
	default:
	}
	if !ok || len(parts) == 0 || len(parts) > mostParts {
		return nil
	}
	return []choice[[]Part]{{parts, exact, reason}}
}

// fieldParts asks for the values of a field that has a parameter of its own.
func fieldParts(t *query.Term, part func(string) Part) (parts []Part, ok bool) {
	values, ok := equals(t)
	if !ok {
		return nil, false
	}
	for _, v := range values {
		if v.Text == "" {
			return nil, false // a parameter that is empty asks nothing
		}
		parts = append(parts, part(v.Text))
	}
	return parts, true
}

// tagged asks for a tag with one of several texts.
func tagged(key string, texts []string) []Part {
	parts := make([]Part, len(texts))
	for i, text := range texts {
		parts[i] = Part{Tags: map[string]string{key: text}}
	}
	return parts
}

// attribute asks for an attribute under each of its names.
func (d tags) attribute(t *query.Term) (parts []Part, reason string, ok bool) {
	values, ok := equals(t)
	if !ok || len(values) > mostParts {
		return nil, "", false
	}
	keys := d.keys(t.Ref)
	for _, v := range values {
		s := storedAs(v)
		if s.text == "" && d.victoria {
			return nil, "", false // it writes a text that is empty as "-"
		}
		if reason == "" {
			reason = s.reason
		}
		for _, key := range keys {
			parts = append(parts, tagged(key, []string{s.text})...)
		}
	}
	return parts, reason, true
}

// keys are the tags by which an attribute is found. Jaeger looks at those of the span, of its resource and of its events
// alike; VictoriaTraces needs to be told which, and has no such tags of events.
func (d tags) keys(r query.Ref) []string {
	var keys []string
	for _, name := range namesOf(r) {
		switch {
		case r.Level == expression.LevelScope || r.Level == expression.LevelLink || r.Level == expression.LevelEvent && d.victoria:
		case d.victoria && r.Level == expression.LevelResource:
			keys = append(keys, "resource_attr:"+name)
		case d.victoria && r.Level == "":
			keys = append(keys, name, "resource_attr:"+name)
		default:
			keys = append(keys, name)
		}
	}
	return keys
}

// some asks for a span, as tags do not tell one event from another.
func (d tags) some(_ expression.Level, inner said[[]Part]) (parts []Part, ok, exact bool) {
	return inner.expr, true, false
}

// not says that tags deny nothing.
func (d tags) not([]Part) (parts []Part, ok bool) { return nil, false }

// either unites requests.
func (d tags) either(all [][]Part) (parts []Part, ok bool) {
	for _, one := range all {
		for _, p := range one {
			if !slices.ContainsFunc(parts, p.equal) {
				parts = append(parts, p)
			}
		}
	}
	return parts, len(parts) <= mostParts
}

// every asks for one of each choice on the same span, as far as the requests do not become too many.
func (d tags) every(all [][]Part) (parts []Part, leftOut []int, exact bool) {
	parts, exact = []Part{{}}, true
	for _, single := range []bool{true, false} { // what is no choice makes no more requests of it
		for i, one := range all {
			switch {
			case (len(one) == 1) != single:
				continue
			case len(parts)*len(one) > mostParts:
				leftOut, exact = append(leftOut, i), false
				continue
			}
			var next []Part
			for _, p := range parts {
				for _, q := range one {
					both, same := p.and(q)
					next, exact = append(next, both), exact && same
				}
			}
			parts = next
		}
	}
	parts, _ = d.either([][]Part{parts})
	return parts, leftOut, exact
}

// equal reports whether two requests are the same.
func (p Part) equal(o Part) bool {
	return p.Service == o.Service && p.Operation == o.Operation && p.DurationMin == o.DurationMin && p.DurationMax == o.DurationMax &&
		maps.Equal(p.Tags, o.Tags)
}

// and joins two requests to one that a span must satisfy. Of two values for one parameter the first is asked for, which is
// wider; same is then false.
func (p Part) and(o Part) (both Part, same bool) {
	both, same = p, true
	both.Service, same = oneOf(p.Service, o.Service, same)
	both.Operation, same = oneOf(p.Operation, o.Operation, same)
	both.DurationMin = max(p.DurationMin, o.DurationMin)
	if both.DurationMax == 0 || o.DurationMax > 0 && o.DurationMax < both.DurationMax {
		both.DurationMax = o.DurationMax
	}
	both.Tags = maps.Clone(p.Tags)
	for _, key := range slices.Sorted(maps.Keys(o.Tags)) {
		if both.Tags == nil {
			both.Tags = map[string]string{}
		}
		have, known := both.Tags[key]
		if !known {
			both.Tags[key] = o.Tags[key]
		}
		same = same && (!known || have == o.Tags[key])
	}
	return both, same
}

// oneOf returns the one of two texts that is not empty, the first where both are.
func oneOf(a, b string, before bool) (text string, same bool) {
	if a == "" {
		return b, before
	}
	return a, before && (b == "" || a == b)
}

// tagsText writes a request of tags as one line.
func (p Part) tagsText() string {
	var words []string
	add := func(name, value string) {
		if value != "" {
			words = append(words, name+"="+value)
		}
	}
	if p.Service != "" {
		add("service", printable(p.Service))
	}
	if p.Operation != "" {
		add("operation", printable(p.Operation))
	}
	for _, bound := range []struct {
		name string
		d    time.Duration
	}{{"minDuration", p.DurationMin}, {"maxDuration", p.DurationMax}} {
		if bound.d > 0 {
			add(bound.name, query.WriteDuration(bound.d))
		}
	}
	if len(p.Tags) > 0 {
		text, err := json.Marshal(p.Tags)
		if err != nil {
			text = fmt.Append(nil, p.Tags) // texts always encode
		}
		add("tags", string(text))
	}
	return strings.Join(words, " ")
}
