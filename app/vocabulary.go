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
func (v *vocabulary[T]) count(j *jobs, of T, build func(T, query.Analysis) *query.Vocabulary, show func() tea.Cmd) tea.Cmd {
	*v = vocabulary[T]{of: of}
	return start(j, jobVocabulary, func(context.Context, progress) (*query.Vocabulary, error) {
		return build(of, &session.Derived{}), nil
	}, func(words *query.Vocabulary) tea.Cmd {
		v.words = words
		return show()
	})
}

// learnWords gives the line in which a query is being typed the words that complete it, of the trace or of the set that the
// screen is about. They are counted where that was not done.
func (w *workspace) learnWords() tea.Cmd {
	line, ok := w.top().(interface{ SetVocabulary(words *query.Vocabulary) })
	if !ok || !w.top().Typing() || w.inDetail {
		return nil
	}
	if w.inTrace() {
		t := w.waterfall.Trace()
		line.SetVocabulary(w.words.ofTrace.about(t))
		if t == nil || w.words.ofTrace.of == t {
			return nil
		}
		w.words.ofSet.giveWay()
		return w.words.ofTrace.count(&w.jobs, t, query.BuildTraceVocabulary, w.learnWords)
	}
	if words := w.words.ofSet.about(w.set); words != nil { // while a set is read, those of what was read before do
		line.SetVocabulary(words)
	}
	if w.set == nil || w.words.ofSet.of == w.set {
		return nil
	}
	w.words.ofTrace.giveWay()
	return w.words.ofSet.count(&w.jobs, w.set, query.BuildVocabulary, w.learnWords)
}
