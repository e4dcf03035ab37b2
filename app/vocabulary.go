package app

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"tracefall/app/session"
	"tracefall/sources/query"
	"tracefall/sources/trace"
)

// vocabularies are what completion knows about the spans of a set and of a trace, each counted once, as a job, when
// somebody first types a query there.
type vocabularies struct {
	ofSet   vocabulary[*trace.Set]
	ofTrace vocabulary[*trace.Trace]
}

// vocabulary is what completion knows about a set or a trace.
type vocabulary[T comparable] struct {
	of    T
	words *query.Vocabulary // nil while they are counted
}

// about returns the words of a set or a trace, nil where they are not known.
func (v *vocabulary[T]) about(of T) *query.Vocabulary {
	if v.of != of {
		return nil
	}
	return v.words
}

// giveWay forgets what is being counted: the job of another takes its place.
func (v *vocabulary[T]) giveWay() {
	if v.words == nil {
		*v = vocabulary[T]{}
	}
}

// count counts the words as a job.
func (v *vocabulary[T]) count(j *jobs, of T, build func(T, query.Analysis) *query.Vocabulary, show func(*query.Vocabulary)) tea.Cmd {
	*v = vocabulary[T]{of: of}
	return start(j, jobVocabulary, func(context.Context, progress) (*query.Vocabulary, error) {
		return build(of, &session.Derived{}), nil
	}, func(words *query.Vocabulary) tea.Cmd {
		v.words = words
		show(words)
		return nil
	})
}

// learnWords counts what completion needs, where a query is being typed and that was not done.
func (w *workspace) learnWords() tea.Cmd {
	if !w.top().Typing() || w.inDetail {
		return nil
	}
	t := w.waterfall.Trace()
	w.waterfall.SetVocabulary(w.words.ofTrace.about(t))
	switch {
	case w.screen() == waterfallScreen && t != nil && w.words.ofTrace.of != t:
		w.words.ofSet.giveWay()
		return w.words.ofTrace.count(&w.jobs, t, query.BuildTraceVocabulary, func(words *query.Vocabulary) {
			if w.waterfall.Trace() == t {
				w.waterfall.SetVocabulary(words)
			}
		})
	case w.screen() == listScreen && w.set != nil && w.words.ofSet.of != w.set:
		w.words.ofTrace.giveWay()
		return w.words.ofSet.count(&w.jobs, w.set, query.BuildVocabulary, w.list.SetVocabulary)
	}
	return nil
}
