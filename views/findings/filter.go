package findings

import (
	"slices"
	"strings"

	"tracefall/diagnose/rule"
	"tracefall/sources/trace"
	"tracefall/views"
	"tracefall/views/prompt"
)

// What is typed filters findings: by their words, or, where it compares something, by the spans that they rest on. Then
// it is a query, which the program answers; the last good answer stays while it is being typed.

// isQuery reports whether a text compares something: then it is more than words to look for.
func isQuery(text string) bool {
	return strings.ContainsAny(text, "=<>~{(") || strings.Contains(text, "has:")
}

// filter is what is typed, and the answer to it.
type filter struct {
	search  prompt.Search
	matched func(t *trace.Trace, span int) bool // by the query that was answered last; nil before the first answer
	wrong   prompt.Error
	ended   bool // enter ended the text, and it was not refused so far
}

// Query returns the query that filters the findings, "" for none.
func (f *filter) Query() string {
	if !isQuery(f.search.Input.Text()) {
		return ""
	}
	return f.search.Input.Text()
}

// ask asks for the answer to what was typed, where that is a query.
func (f *filter) ask(done bool) views.Action {
	text := f.search.Input.Text()
	f.ended = done
	if !isQuery(text) {
		f.matched, f.wrong = nil, prompt.Error{}
		return nil
	}
	return views.Query{Text: text, Done: done}
}

// words returns what is looked for in what findings say, in lower case; nil for a query.
func (f *filter) words() []string {
	if isQuery(f.search.Input.Text()) {
		return nil
	}
	return strings.Fields(strings.ToLower(f.search.Input.Text()))
}

// sift returns the rows that pass.
func (f *filter) sift(rows []findingRow) []findingRow {
	if isQuery(f.search.Input.Text()) {
		for n := range rows {
			rows[n].same = slices.DeleteFunc(rows[n].same, func(found *rule.Finding) bool { return !f.matches(found) })
		}
		return slices.DeleteFunc(rows, func(r findingRow) bool { return f.matched != nil && len(r.same) == 0 })
	}
	if words := f.words(); len(words) > 0 {
		rows = slices.DeleteFunc(rows, func(r findingRow) bool { return !r.contains(words) })
	}
	return rows
}

// siftLimited returns what of the footnote passes: of a query nothing, since it rests on no span.
func (f *filter) siftLimited(list []limited) []limited {
	if isQuery(f.search.Input.Text()) && f.matched != nil {
		return nil
	}
	if words := f.words(); len(words) > 0 {
		list = slices.DeleteFunc(list, func(l limited) bool { return !l.contains(words) })
	}
	return list
}

// matches reports whether a span that a finding rests on matches the query, or there is no answer to it yet.
func (f *filter) matches(found *rule.Finding) bool {
	if f.matched == nil || found.Trace != nil && f.matched(found.Trace, found.Anchor) {
		return true
	}
	return slices.ContainsFunc(found.Evidence, func(e rule.Evidence) bool { return f.matched(e.Trace, e.Span) })
}

// whyNone says why no row is left.
func (f *filter) whyNone() string {
	if isQuery(f.search.Input.Text()) {
		return "no finding rests on a span that matches"
	}
	return "no finding contains the text"
}
