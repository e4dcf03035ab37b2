package query

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/jaegertracing/jaeger-idl/query/expression/v1"

	"tracefall/sources/trace"
)

// Note is one line about how a query was answered, for the status line.
type Note struct {
	Kind NoteKind
	Text string
}

// NoteKind names a sort of note; the command line prints it.
type NoteKind string

// The kinds of notes.
const (
	NoteUnknownKey NoteKind = "unknown-key" // no span has an attribute that the query asks about
	NoteOtherName  NoteKind = "other-name"  // an attribute was found under its other semantic-convention name
	NoteNoUnit     NoteKind = "no-unit"     // a duration was compared with numbers that have no unit
	NoteReadAs     NoteKind = "read-as"     // a name that stands for an attribute and a field was read as one of them
	NoteNoEffect   NoteKind = "no-effect"   // a part of the query asks nothing of what is loaded
)

// notes sums up what the machines met in one trace, or with nil in the whole set.
func (p *Program) notes(machines []*machine, only *trace.Trace) []Note {
	notes := slices.Clone(p.told)
	for i, use := range p.keys {
		seen, other, unitless := false, false, false
		for _, m := range machines {
			seen = seen || m.seen[i]
			other = other || m.otherName[i]
			unitless = unitless || m.unitless[i]
		}
		switch {
		case !seen:
			if note, ok := p.unknownKey(use, only); ok {
				notes = append(notes, note)
			}
		case other:
			var names []string
			for _, s := range use.symbols {
				if name := p.set.Text(s); name != use.ref.key {
					names = append(names, name)
				}
			}
			notes = append(notes, Note{NoteOtherName, fmt.Sprintf("%s is also read as %s", use.ref.key, strings.Join(names, ", "))})
		}
		if unitless {
			notes = append(notes, Note{NoteNoUnit, fmt.Sprintf("%s holds numbers without a unit, which no duration equals; compare it with a number", formatRef(use.ref))})
		}
	}
	return notes
}

// unknownKey says that no span has an attribute, and which was probably meant. Not having met it proves nothing
// where other terms came first, so it counts.
func (p *Program) unknownKey(use keyUse, only *trace.Trace) (Note, bool) {
	p.counted.Do(func() {
		if p.vocab == nil {
			p.vocab = CountKeys(p.set, only, p.derived)
		}
	})
	for _, name := range use.names {
		if p.vocab.keyCount(use.ref.level, name) > 0 {
			return Note{}, false
		}
	}
	text := "no span has " + formatRef(use.ref)
	if only != nil {
		text = "no span of this trace has " + formatRef(use.ref)
	}
	if meant, spans := p.vocab.meant(use.ref); spans > 0 {
		text += fmt.Sprintf("; did you mean %s (%s)?", formatRef(meant), countSpans(spans))
	} else if name := nearest(use.ref.key, fieldSpellings("")); name != "" {
		text += fmt.Sprintf("; did you mean %s?", name)
	}
	return Note{NoteUnknownKey, text}, true
}

// meant returns the attribute that was probably meant: the same key at another level, else the nearest key.
func (v *Vocabulary) meant(r ref) (ref, int) {
	for _, k := range v.keys {
		if k.ref.key == r.key && !k.secret {
			return k.ref, k.spans
		}
	}
	var keys []string
	for _, k := range v.keys {
		if k.secret {
			continue
		}
		if k.ref.level == r.level || r.level == "" || k.ref.level == "" {
			keys = append(keys, k.ref.key)
		}
	}
	key := nearest(r.key, keys)
	for _, k := range v.keys {
		if k.ref.key == key && key != "" {
			return k.ref, k.spans
		}
	}
	return ref{}, 0
}

// keyCount returns how many spans have a key at a level; "" is the span or its resource.
func (v *Vocabulary) keyCount(level expression.Level, key string) int {
	for _, k := range v.keys {
		if k.ref.key != key {
			continue
		}
		switch level {
		case k.ref.level:
			return k.spans
		case expression.LevelSpan:
			return k.onSpan
		case expression.LevelResource:
			return k.onResource
		default:
		}
	}
	return 0
}

// countSpans writes a number of spans with thousands set apart.
func countSpans(n int) string {
	if n == 1 {
		return "1 span"
	}
	digits := strconv.Itoa(n)
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits + " spans"
}
