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
func (m *model) learnWords() tea.Cmd {
	if !m.top().Typing() || m.inDetail {
		return nil
	}
	t := m.waterfall.Trace()
	m.waterfall.SetVocabulary(m.words.ofOne(t))
	switch {
	case m.screen() == waterfallScreen && t != nil && m.words.trace != t:
		m.words.trace, m.words.ofTrace = t, nil
		if m.words.ofSet == nil {
			m.words.set = nil // its job, if there is one, gives way
		}
		return m.jobs.start(m.ctx, jobVocabulary, func(context.Context, func(any)) (any, error) {
			return vocabularies{trace: t, ofTrace: query.BuildTraceVocabulary(t, &derived{})}, nil
		})
	case m.screen() == listScreen && m.set != nil && m.words.set != m.set:
		set := m.set
		m.words.set, m.words.ofSet = set, nil
		if m.words.ofTrace == nil {
			m.words.trace = nil
		}
		return m.jobs.start(m.ctx, jobVocabulary, func(context.Context, func(any)) (any, error) {
			return vocabularies{set: set, ofSet: query.BuildVocabulary(set, &derived{})}, nil
		})
	}
	return nil
}

// learnedWords takes a vocabulary.
func (m *model) learnedWords(value any) {
	v, ok := value.(vocabularies)
	switch {
	case !ok:
	case v.ofTrace != nil:
		m.words.trace, m.words.ofTrace = v.trace, v.ofTrace
		if m.waterfall.Trace() == v.trace {
			m.waterfall.SetVocabulary(v.ofTrace)
		}
	case v.ofSet != nil:
		m.words.set, m.words.ofSet = v.set, v.ofSet
		m.list.SetVocabulary(v.ofSet)
	}
}
