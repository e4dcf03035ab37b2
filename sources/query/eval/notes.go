package eval

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"tracefall/sources/query"
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
	NoteUnknownKey     NoteKind = "unknown-key"     // no span has an attribute that the query asks about
	NoteUnknownService NoteKind = "unknown-service" // no service has the name that the query asks for
	NoteOtherName      NoteKind = "other-name"      // an attribute was found under its other semantic-convention name
	NoteNoUnit         NoteKind = "no-unit"         // a duration was compared with numbers that have no unit
	NoteReadAs         NoteKind = "read-as"         // a name that stands for an attribute and a field was read as one of them
	NoteNoEffect       NoteKind = "no-effect"       // a part of the query asks nothing of what is loaded
)

// notes sums up what the machines met in one trace, or with nil in the whole set.
func (p *Program) notes(machines []*machine, only *trace.Trace) []Note {
	notes := slices.Clone(p.told)
	for i, use := range p.keys {
		var met verdict
		for _, m := range machines {
			met |= m.met[i]
		}
		switch {
		case met == 0:
			if note, ok := p.unknownKey(use, only); ok {
				notes = append(notes, note)
			}
		case met&verdictOtherName != 0:
			var names []string
			for _, s := range use.symbols {
				if name := p.set.Text(s); name != use.ref.Key {
					names = append(names, name)
				}
			}
			notes = append(notes, Note{NoteOtherName, fmt.Sprintf("%s is also read as %s", use.ref.Key, strings.Join(names, ", "))})
		}
		if met&verdictUnitless != 0 {
			notes = append(notes, Note{NoteNoUnit, fmt.Sprintf("%s holds numbers without a unit, which no duration equals; compare it with a number", query.FormatRef(use.ref))})
		}
	}
	return notes
}

// unknownKey says that no span has an attribute, and which was probably meant. Not having met it proves nothing
// where other terms came first, so it counts.
func (p *Program) unknownKey(use keyUse, only *trace.Trace) (Note, bool) {
	p.counted.Do(func() {
		if p.vocab == nil {
			p.vocab = query.CountKeys(p.set, only, p.derived)
		}
	})
	for _, name := range use.names {
		if p.vocab.KeyCount(use.ref.Level, name) > 0 {
			return Note{}, false
		}
	}
	text := "no span has " + query.FormatRef(use.ref)
	if only != nil {
		text = "no span of this trace has " + query.FormatRef(use.ref)
	}
	if meant, spans := p.vocab.Meant(use.ref); spans > 0 {
		text += fmt.Sprintf("; did you mean %s (%s)?", query.FormatRef(meant), countSpans(spans))
	} else if name := query.Nearest(use.ref.Key, query.FieldSpellings("")); name != "" {
		text += fmt.Sprintf("; did you mean %s?", name)
	}
	return Note{NoteUnknownKey, text}, true
}

// tellService notes that no service has the name that a term asks for, and which was probably meant: people know a
// service by a part of its name.
func (c *compiler) tellService(t *query.Term, x *matcher) {
	if t.Kind != query.KindCompare || t.Op != query.OpEq {
		return
	}
	asked := t.Values[0].Text
	var part string // the shortest name that the text is a part of
	var names []string
	for i := range c.set.Resources() {
		name := c.set.Resource(i).Service()
		switch {
		case x.text(name):
			return
		case c.derived != nil && c.derived.Secret("service.name", name):
			continue
		case strings.Contains(strings.ToLower(name), strings.ToLower(asked)) && (part == "" || len(name) < len(part)):
			part = name
		}
		names = append(names, name)
	}
	if len(names) == 0 {
		return // nothing is loaded, such as of a backend that was asked for this very service
	}
	text := "no service is named " + query.Shorten(asked)
	if meant := cmp.Or(part, query.Nearest(asked, names)); meant != "" {
		text += fmt.Sprintf("; did you mean %s?", meant)
	}
	c.tell(NoteUnknownService, text)
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
