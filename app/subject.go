package app

import (
	"context"
	"slices"
	"strings"

	"tracefall/app/session"
	"tracefall/diagnose"
	"tracefall/diagnose/facts"
	"tracefall/diagnose/rule"
	"tracefall/sources"
	"tracefall/sources/query"
	"tracefall/sources/trace"
)

// subject is what the explorer is about: what was opened, and what is known of it.
type subject struct {
	ctx context.Context // of the program
	opt *Options

	inputs  []string
	set     *trace.Set // the latest that was loaded, nil before the first
	loading bool
	read    sources.Progress // how far reading is

	where  string          // the query in force
	answer *session.Answer // to it, nil for none
	words  vocabularies

	analysis   *session.Analysis  // of the latest set that somebody asked for, nil before
	giveUp     context.CancelFunc // of analysis
	judged     *trace.Set         // that the detectors were given last, nil for none
	report     *diagnose.Report   // on it, nil until they are done
	difference *rule.Finding      // of the latest comparison, about its bad trace; nil for none
}

// analysisOf returns the analysis of a set for the explorer: the same one as long as the set is the same. That of
// an older set is given up; but not for a set beside it, such as that of a baseline which was asked for by itself.
func (s *subject) analysisOf(set *trace.Set) *session.Analysis {
	opt := diagnose.Options{Thresholds: s.opt.Thresholds()}
	if set != s.set {
		return session.NewAnalysis(s.ctx, set, opt)
	}
	if s.analysis == nil || s.analysis.Set != set {
		if s.giveUp != nil {
			s.giveUp()
		}
		ctx, cancel := context.WithCancel(s.ctx)
		s.giveUp = cancel
		a := session.NewAnalysis(ctx, set, opt)
		a.Opt.Progress = func(done, total int) {
			if watch := a.Watch.Load(); watch != nil {
				(*watch)(done, total)
			}
		}
		s.analysis = a
	}
	return s.analysis
}

// factsOf returns how to get the facts of traces: those of the report where it has them, else new ones. The function
// belongs to one job.
func (s *subject) factsOf() func(t *trace.Trace) *facts.Facts {
	report, ops := s.report, map[*trace.Set]*facts.Ops{}
	return func(t *trace.Trace) *facts.Facts {
		if report != nil {
			if f := report.Facts(t); f != nil {
				return f
			}
		}
		if ops[t.Set()] == nil {
			ops[t.Set()] = facts.NewOps(t.Set())
		}
		return facts.New(t, ops[t.Set()])
	}
}

// listQuery returns the query of the list and what it found in a trace, "" where that is not in the answer.
func (s *subject) listQuery(t *trace.Trace) (string, []int32) {
	if s.answer != nil {
		if spans, ok := s.answer.In(t); ok {
			return s.answer.Text, spans
		}
	}
	return "", nil
}

// findingsAbout returns what the detectors said of a trace, ranked, and how the latest comparison found it to differ
// from a good one; or what they said of everything where it is nil. There are none before they are through.
func (s *subject) findingsAbout(t *trace.Trace) []*rule.Finding {
	switch {
	case s.report == nil:
		return nil
	case t == nil:
		list := make([]*rule.Finding, len(s.report.Findings))
		for i := range list {
			list[i] = &s.report.Findings[i]
		}
		return list
	}
	list := s.report.Of(t)
	if d := s.difference; d != nil && d.Trace == t {
		at := slices.IndexFunc(list, func(f *rule.Finding) bool { return f.Score() < d.Score() })
		if at < 0 {
			at = len(list)
		}
		list = slices.Insert(list, at, d)
	}
	return list
}

// secretQuery reports whether a query holds a secret: by itself, by the key that a value is compared with, or because it
// names a value of the loaded spans that is masked.
func (s *subject) secretQuery(text string) bool {
	if session.HoldsSecret("", text) {
		return true
	}
	q, err := query.Parse(text)
	return err == nil && slices.ContainsFunc(q.Constants(), func(c query.Constant) bool {
		return session.HoldsSecret("", c.Key) || session.HoldsSecret(c.Key, c.Value) || c.Part && c.Value != "" && session.HoldsSecret(c.Key, wholeSecret) ||
			s.words.ofSet.words.Hidden(c.Value) || s.words.ofTrace.words.Hidden(c.Value)
	})
}

// wholeSecret stands for the value that a pattern is a part of: too short a part looks like no secret, whatever the key
// says.
const wholeSecret = "Zk4-unl1kely"

// secretWords reports whether one of the words of a command, quoted for a shell, holds a secret.
func (s *subject) secretWords(words []string) bool {
	return slices.ContainsFunc(words, func(word string) bool {
		return s.secretQuery(strings.ReplaceAll(strings.Trim(word, "'"), `'\''`, "'"))
	})
}
