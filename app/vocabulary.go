package app

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"tracefall/sources/query"
	"tracefall/sources/trace"
)

// vocabularies are what completion knows about the spans: those of a set and those of a trace, each counted once, as a
// job, when somebody first types a query there.
type vocabularies struct {
	set     *trace.Set
	ofSet   *query.Vocabulary // of set; nil while it is counted
	trace   *trace.Trace
	ofTrace *query.Vocabulary // of trace; nil while it is counted
}

// of returns the vocabulary of a set, nil where it is not known.
func (v *vocabularies) of(set *trace.Set) *query.Vocabulary {
	if v.set != set {
		return nil
	}
	return v.ofSet
}

// ofOne is of for a trace.
func (v *vocabularies) ofOne(t *trace.Trace) *query.Vocabulary {
	if v.trace != t {
		return nil
	}
	return v.ofTrace
}

// learnWords counts what completion needs, where a query is being typed and that was not done.
func (w *workspace) learnWords() tea.Cmd {
	if !w.top().Typing() || w.inDetail {
		return nil
	}
	t, set := w.waterfall.Trace(), w.set
	w.waterfall.SetVocabulary(w.words.ofOne(t))
	switch {
	case w.screen() == waterfallScreen && t != nil && w.words.trace != t:
		w.words.trace, w.words.ofTrace = t, nil
		if w.words.ofSet == nil {
			w.words.set = nil // its job, if there is one, gives way
		}
		return start(&w.jobs, jobVocabulary, func(context.Context, progress) (*query.Vocabulary, error) {
			return query.BuildTraceVocabulary(t, &derived{}), nil
		}, func(v *query.Vocabulary) tea.Cmd {
			w.words.trace, w.words.ofTrace = t, v
			if w.waterfall.Trace() == t {
				w.waterfall.SetVocabulary(v)
			}
			return nil
		})
	case w.screen() == listScreen && set != nil && w.words.set != set:
		w.words.set, w.words.ofSet = set, nil
		if w.words.ofTrace == nil {
			w.words.trace = nil
		}
		return start(&w.jobs, jobVocabulary, func(context.Context, progress) (*query.Vocabulary, error) {
			return query.BuildVocabulary(set, &derived{}), nil
		}, func(v *query.Vocabulary) tea.Cmd {
			w.words.set, w.words.ofSet = set, v
			w.list.SetVocabulary(v)
			return nil
		})
	}
	return nil
}
