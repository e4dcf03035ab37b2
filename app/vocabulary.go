package app

import (
	"context"
	"slices"
	"time"

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
	learnt  []learnt                                // what backends know, in the order in which it came
	mixed   map[*query.Vocabulary]*query.Vocabulary // with it
	asked   map[query.Wanted]time.Time              // when backends were asked for which
}

func newVocabularies() vocabularies { return vocabularies{asked: map[query.Wanted]time.Time{}} }

// learnt is what backends know of a kind of words.
type learnt struct {
	of    query.Wanted
	words []string
}

// with returns words mixed with what backends know.
func (v *vocabularies) with(words *query.Vocabulary) *query.Vocabulary {
	if len(v.learnt) == 0 {
		return words
	}
	if mixed := v.mixed[words]; mixed != nil {
		return mixed
	}
	mixed := words
	for _, l := range v.learnt {
		if l.of.Keys {
			mixed = mixed.WithKeys(l.words, &session.Derived{})
		} else {
			mixed = mixed.WithValues(l.of.Ref, l.words, &session.Derived{})
		}
	}
	v.mixed = map[*query.Vocabulary]*query.Vocabulary{words: mixed}
	return mixed
}

// learn takes what backends know of a kind of words, in the place of what they knew.
func (v *vocabularies) learn(of query.Wanted, words []string) {
	v.mixed = nil
	at := slices.IndexFunc(v.learnt, func(l learnt) bool { return l.of == of })
	if at < 0 {
		at = len(v.learnt)
		v.learnt = append(v.learnt, learnt{of: of})
	}
	v.learnt[at].words = words
}

// completing asks the backends for words while a query is typed. Nothing waits for them.
type completing struct {
	*workspace
	asking *asking
	now    func() time.Time
}

// askedAgainAfter is how long what a backend knows is believed.
const askedAgainAfter = time.Minute

// follow asks for what the query that is being typed wants, once a minute at most.
func (c *completing) follow() tea.Cmd {
	line, ok := c.top().(interface {
		Query() string
		CursorAt() int
	})
	if !ok || c.jobs.busy(jobComplete) || c.inPalette || c.choosing || c.inDetail || !c.top().Typing() || len(c.asking.requests) == 0 {
		return nil
	}
	wanted, ok := query.WantedAt(line.Query(), line.CursorAt())
	now := c.now()
	if at, asked := c.words.asked[wanted]; !ok || asked && now.Sub(at) < askedAgainAfter {
		return nil
	}
	c.words.asked[wanted] = now
	backends, requests := c.opt.Backends, c.asking.requests
	return start(&c.jobs, jobComplete, func(ctx context.Context, _ progress) ([]string, error) {
		return backends.Known(ctx, requests, wanted), nil
	}, func(words []string) tea.Cmd {
		if len(words) == 0 {
			return nil
		}
		c.words.learn(wanted, words)
		return c.learnWords()
	})
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
		line.SetVocabulary(w.words.with(w.words.ofTrace.about(t)))
		if t == nil || w.words.ofTrace.of == t {
			return nil
		}
		w.words.ofSet.giveWay()
		return w.words.ofTrace.count(&w.jobs, t, query.BuildTraceVocabulary, w.learnWords)
	}
	if words := w.words.with(w.words.ofSet.about(w.set)); words != nil { // while a set is read, those of what was read before do
		line.SetVocabulary(words)
	}
	if w.set == nil || w.words.ofSet.of == w.set {
		return nil
	}
	w.words.ofTrace.giveWay()
	return w.words.ofSet.count(&w.jobs, w.set, query.BuildVocabulary, w.learnWords)
}
