package app

import (
	"context"
	"fmt"
	"slices"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"tracefall/app/session"
	"tracefall/diagnose/compare"
	"tracefall/diagnose/compare/population"
	"tracefall/diagnose/facts"
	"tracefall/diagnose/secrets"
	"tracefall/sources/trace"
	"tracefall/views"
	"tracefall/views/draw"
	"tracefall/views/prompt"
)

// comparing compares traces: two of them, one of which may be marked as the good one, or two sets.
type comparing struct {
	*workspace
	good      *trace.Trace    // marked: the one to compare with, nil for none
	note      string          // about good, "" for none
	noting    *prompt.Input   // the note is being typed, nil when not
	pair      [2]*trace.Trace // that are compared or were last: good and bad
	setsWords []string        // that ask diff for the sets on the screen
	setScopes []views.Scope   // the two sets, nil before they are compared
	setTraces [2][]*trace.Trace

	offer   func(*trace.Trace) string // where good traces for one can be asked for, "" for nowhere
	partial func() bool               // a backend was asked for what a query selects: what is loaded is not what is usual
}

// mark marks the trace as the one to compare with, or no longer.
func (c *comparing) mark() {
	t := c.current()
	if c.good == t {
		c.good, c.note = nil, ""
		c.list.SetMarked(nil)
		c.say("no longer the baseline: " + traceWords(t))
		return
	}
	c.good, c.note = t, ""
	c.list.SetMarked(t)
	c.say("baseline: " + c.goodWords() + " · " + c.keys.key(views.CompareGood) + " on another trace compares the two, " + c.keys.key(views.MarkNote) + " adds a note")
}

// traceWords names a trace in a message.
func traceWords(t *trace.Trace) string {
	root := t.Root()
	return fmt.Sprintf("%s %s · %s", secrets.ServiceName(root), secrets.SpanName(root), views.TraceDuration(t))
}

// goodWords names the marked trace, with its note.
func (c *comparing) goodWords() string {
	words := traceWords(c.good)
	if c.note != "" {
		words += " · " + draw.Clean(c.note)
	}
	return words
}

// startNote marks the trace if it is not, and takes a note about it in the status line.
func (c *comparing) startNote() {
	if t := c.current(); c.good != t {
		c.good, c.note = t, ""
		c.list.SetMarked(t)
	}
	c.noting = &prompt.Input{Placeholder: "why this trace"}
	c.noting.SetText(c.note)
}

// typeNote takes a key for the note.
func (c *comparing) typeNote(msg tea.KeyPressMsg) {
	switch msg.String() {
	case "enter":
		c.note, c.noting = c.noting.Text(), nil
		c.say("baseline: " + c.goodWords() + " · " + c.keys.key(views.CompareGood) + " on another trace compares the two")
	case "esc":
		c.noting = nil
	default:
		c.noting.Key(msg)
	}
}

// noteHints are the keys while a note is typed.
func noteHints() []key.Binding {
	return []key.Binding{views.Hint("enter", "keep"), views.Hint("ctrl+w", "word"), views.Hint("ctrl+u", "clear"), views.Hint("esc", "cancel")}
}

// drawNote draws the note that is being typed.
func (c *comparing) drawNote(a draw.Area, env *views.Env) {
	a.Fill(draw.Ink{})
	x := 1 + a.Text(1, 0, "note: ", env.Theme.Title)
	c.noting.Draw(a.Sub(x, 0, a.W()-x, 1), env, true, -1)
}

// noteMarkdown is the note about the marked trace as a line of Markdown, "" where there is none or where the trace
// is not what is shared.
func (c *comparing) noteMarkdown() string {
	if c.good == nil || c.note == "" {
		return ""
	}
	on := c.compare.Comparison()
	if c.current() == c.good || c.screen() == compareScreen && on != nil && on.Good.Trace == c.good {
		return "\nNote on the baseline trace: " + draw.MarkdownText(draw.Clean(c.note)) + "\n"
	}
	return ""
}

// here compares the trace with the marked one; without a mark it offers good ones, and in a list with a query
// it compares what matches with the rest.
func (c *comparing) here() tea.Cmd {
	t := c.current()
	switch {
	case c.good != nil && c.good != t:
		return c.compareTraces(c.good, t)
	case c.screen() == listScreen && c.where != "" && c.answer != nil && c.good == nil && c.answer.Traces < c.set.Len():
		return c.split(views.CompareGood)
	}
	set, offer := c.set, c.offer(t)
	asked := offer != "" && c.partial()
	var shared func(*trace.Trace) string // once the detectors are through
	if r := c.report; r != nil && r.Set == set {
		shared = r.SharedWith(t)
	}
	return start(&c.jobs, jobBaselines, func(context.Context, progress) ([]compare.Baseline, error) {
		if asked {
			return nil, nil // slow ones where slow ones were asked for: the backend has better ones
		}
		return compare.Baselines(set, t, shared), nil
	}, func(good []compare.Baseline) tea.Cmd {
		if c.current() == t && !c.inPalette {
			c.baselines.SetBaselines(t, good)
			c.baselines.Offer(offer)
			c.choosing = true
		}
		return nil
	})
}

// compareTraces compares two traces, as a job.
func (c *comparing) compareTraces(good, bad *trace.Trace) tea.Cmd {
	c.compare.SetComparison(nil)
	c.compare.SetPending("comparing " + traceWords(bad) + " with " + traceWords(good))
	c.push(compareScreen)
	return c.comparePair(good, bad)
}

// renew compares two traces again when more of them was read.
func (c *comparing) renew() tea.Cmd {
	good, bad := c.pair[0], c.pair[1]
	if good == nil || !slices.Contains(c.stack, compareScreen) {
		return nil
	}
	newGood, newBad := sameIn(c.set, good), sameIn(c.set, bad)
	if newGood == nil || newBad == nil || newGood == good && newBad == bad {
		return nil
	}
	return c.comparePair(newGood, newBad)
}

// comparePair compares two traces as a job; what is shown stays until it is done.
func (c *comparing) comparePair(good, bad *trace.Trace) tea.Cmd {
	of := c.factsOf()
	c.pair = [2]*trace.Trace{good, bad}
	return start(&c.jobs, jobCompare, func(context.Context, progress) (*compare.Comparison, error) {
		return compare.Pair(of(good), of(bad)), nil
	}, func(found *compare.Comparison) tea.Cmd {
		c.compare.SetPending("")
		c.compare.SetComparison(found)
		c.difference = session.DifferenceOf(found)
		c.setReported()
		return nil
	})
}

// split compares traces of the list with its other traces, as a job: what matches the query, what failed, or
// what was slow, with the rest.
func (c *comparing) split(how views.Command) tea.Cmd {
	a := c.answer
	return c.compareSets(c.splitWords(how), func(all []*facts.Facts) (population.Split, [2]string) { return splitFor(how, all, a) })
}

// splitFor divides traces into good and bad ones as a command says, and names the two.
func splitFor(how views.Command, all []*facts.Facts, a *session.Answer) (population.Split, [2]string) {
	switch how {
	case views.CompareErrors:
		return population.SplitByErrors(all), [2]string{"did not fail", "failed"}
	case views.CompareSlowest:
		return population.SplitBySlowness(all), [2]string{"the rest", "the slowest tenth"}
	}
	matches := func(t *trace.Trace) bool {
		_, ok := a.In(t)
		return ok
	}
	s := population.SplitBy(all, func(t *trace.Trace) bool { return !matches(t) }, matches)
	s.Asked = session.AskedAbout(a.Text)
	return s, [2]string{"the rest", a.Text}
}

// compareSets compares traces of the list with its other traces, as a job. words ask diff for the same.
func (c *comparing) compareSets(words []string, divide func([]*facts.Facts) (population.Split, [2]string)) tea.Cmd {
	set, of := c.set, c.factsOf()
	c.sets.SetSets(nil, [2]string{})
	doing := "comparing " + draw.Amount(set.Len(), "trace")
	c.sets.SetPending(doing)
	c.push(setsScreen)
	c.setsWords, c.setScopes = words, nil
	type compared struct {
		*population.Comparison
		names  [2]string // what the two sets are
		traces [2][]*trace.Trace
	}
	return start(&c.jobs, jobCompare, func(ctx context.Context, soFar progress) (compared, error) {
		say := session.Throttle(session.ProgressAfter, session.ProgressEvery, func(permille int) {
			soFar(func() tea.Cmd { c.sets.SetPending(doing + " · " + draw.Percent(int64(permille), 1000)); return nil })
		})
		all := make([]*facts.Facts, 0, set.Len())
		for i := range set.Len() {
			if ctx.Err() != nil {
				return compared{}, ctx.Err()
			}
			all = append(all, of(set.Trace(i)))
			say(500 * i / set.Len()) // the first half of the way
		}
		split, names := divide(all)
		found := compared{names: names}
		for side, traces := range [][]*facts.Facts{split.Good, split.Bad} {
			if len(traces) == 0 {
				return compared{}, fmt.Errorf("nothing to compare: no trace is in %q (%s)", names[side], split.Rule)
			}
			for _, f := range traces {
				found.traces[side] = append(found.traces[side], f.Trace)
			}
		}
		var err error
		found.Comparison, err = population.Compare(ctx, split.Good, split.Bad, population.Options{
			By: split.By, Asked: split.Asked, Sensitive: session.HoldsSecret, Progress: func(done, total int) { say(500 + 500*done/max(total, 1)) },
		})
		return found, err
	}, func(found compared) tea.Cmd {
		c.sets.SetPending("")
		c.sets.SetSets(found.Comparison, found.names)
		c.setTraces = found.traces
		for side, traces := range found.traces {
			c.setScopes = append(c.setScopes, views.Scope{Set: set, Traces: len(traces), Name: found.names[side]})
		}
		return nil
	})
}

// splitWords ask diff for what the explorer compares by a command.
func (c *comparing) splitWords(how views.Command) []string {
	words := []string{"--bad", session.ShellQuote(c.where)}
	switch how {
	case views.CompareErrors:
		words = []string{"--split", "errors"}
	case views.CompareSlowest:
		words = []string{"--split", "slowest"}
	}
	return append(words, session.QuotedInputs(c.inputs)...)
}

// whyNotMark tells why no trace can be marked.
func (c *comparing) whyNotMark() string {
	if c.current() == nil {
		return "there is no trace under the cursor"
	}
	return ""
}

// whyNotCompare tells why nothing can be compared with the trace.
func (c *comparing) whyNotCompare() string {
	if c.set != nil && c.set.Len() < 2 && c.current() != nil && c.offer(c.current()) == "" {
		return "no other trace: open the file of a baseline as well"
	}
	return c.whyNotMark()
}
