package app

import (
	"slices"

	"tracefall/app/config"
	"tracefall/app/session"
	"tracefall/diagnose/rule"
	"tracefall/sources/trace"
	"tracefall/views"
	"tracefall/views/draw"
	"tracefall/views/tracelist"
)

// workspace is what the parts of the explorer share: what was opened, the screens that show it, and the jobs. It is used
// by the goroutine of the program only.
type workspace struct {
	subject
	screens
	keys *keymap
	jobs jobs

	matches   []bool               // of a query in the open trace, nil for none
	found     *session.TraceAnswer // the answer to it, nil where it was inherited from the list
	inherited string               // the list's query that the open trace was entered with
	hide      bool                 // spans that do not match are hidden, but for the ancestors of matches
	unknown   *trace.Trace         // the open one, as long as nobody asked for its facts
	tokens    []string             // what the models that the open trace calls used, the longest text first
	below     []shownBelow         // what waterfalls further down the stack showed, the last is the nearest

	asked   asked              // what the command line asks to see, until it was shown
	reveal  bool               // secrets are shown
	stories []session.Incident // of the whole demo, nil where something else is open
	outside *outside           // the whole demo while one of its incidents is open, else nil

	message string // what just happened; until the next key
	failed  bool
	blamed  jobKind // the message is about, until one of that kind works again; noJob for none
}

// leave closes what is on top.
func (w *workspace) leave() {
	switch {
	case w.screen() == waterfallScreen && w.detailOpen:
		w.detailOpen, w.inDetail = false, false
	case len(w.stack) > 1:
		if top := w.screen(); top == compareScreen || top == setsScreen {
			w.jobs.stop(jobCompare) // nobody waits for it any more
		}
		w.stack = w.stack[:len(w.stack)-1]
		w.restoreShown()
	}
}

// openTrace shows a trace, with the cursor on a span if one is named.
func (w *workspace) openTrace(t *trace.Trace, span int) {
	if w.stories != nil && w.outside == nil {
		w.opt.Incident = nil // its story is over
	}
	outdated := w.outdated(t)
	w.pushWaterfall(t)
	fresh := w.waterfall.Trace() != t
	if fresh {
		w.setTrace(t)
	}
	if fresh || outdated {
		w.inherit(t)
		if span < 0 {
			w.waterfall.ToFirstMatch()
		}
	}
	w.inDetail = false
	if span >= 0 {
		w.waterfall.Select(span)
	}
}

// openSpan shows the detail of a span of the open trace.
func (w *workspace) openSpan(span int, focus bool) {
	w.push(waterfallScreen)
	w.waterfall.Select(span)
	w.detailOpen, w.inDetail = true, focus
}

// goTo follows a link.
func (w *workspace) goTo(id trace.TraceID, span trace.SpanID) {
	var t *trace.Trace
	if w.set != nil {
		t = w.set.Find(id)
	}
	if t == nil {
		w.say("trace " + id.String() + " is not in what was opened")
		return
	}
	at := -1
	if !span.IsZero() {
		if at = t.Find(span); at < 0 {
			w.say("span " + span.String() + " is not in what was opened")
		}
	}
	w.openTrace(t, at)
}

// restack makes these screens all that there are, the last on top.
func (w *workspace) restack(ids ...screenID) { w.stack, w.below = ids, nil }

// push puts a screen on top, push of one that is there already goes back to it.
func (w *workspace) push(id screenID) {
	if i := slices.Index(w.stack, id); i >= 0 {
		w.stack = w.stack[:i+1]
		w.restoreShown()
		return
	}
	w.stack = append(w.stack, id)
}

// say shows a message until the next key.
func (w *workspace) say(text string) { w.message, w.failed, w.blamed = draw.Clean(text), false, noJob }

// complain shows a message about something that failed.
func (w *workspace) complain(text string) {
	w.message, w.failed, w.blamed = draw.Clean(text), true, noJob
}

// complainOf shows why a job failed, until the next key or until one of its kind works again.
func (w *workspace) complainOf(kind jobKind, text string) {
	w.complain(text)
	w.blamed = kind
}

// worked takes away what was said about the failure of a job of a kind.
func (w *workspace) worked(kind jobKind) {
	if w.blamed == kind {
		w.hush()
	}
}

// hush takes away what was said.
func (w *workspace) hush() { w.message, w.failed, w.blamed = "", false, noJob }

// nextClock shows times another way.
func (w *workspace) nextClock() {
	w.opt.Clock = (w.opt.Clock + 1) % views.ClockMode(len(config.ClockModes))
	w.say("times are " + map[views.ClockMode]string{
		views.ClockUTC: "in UTC", views.ClockLocal: "in local time", views.ClockRelative: "relative to the start"}[w.opt.Clock])
}

// toggleHidden hides the spans that do not match, or shows them again.
func (w *workspace) toggleHidden() {
	w.hide = !w.hide
	w.waterfall.SetMatches(w.matches, w.hide)
}

// toggleReveal shows the secrets in values, or masks them again.
func (w *workspace) toggleReveal() {
	w.reveal = !w.reveal
	if w.reveal {
		w.say("secrets are shown and copied as they are; " + w.keys.key(views.Reveal) + " masks them again")
		return
	}
	w.say("secrets are masked")
}

// pushWaterfall puts the waterfall on top for a trace. The one that is in the stack is gone back to when it shows that trace;
// otherwise it keeps its place, and what it shows is remembered.
func (w *workspace) pushWaterfall(t *trace.Trace) {
	shown := w.waterfall.Trace()
	switch {
	case !slices.Contains(w.stack, waterfallScreen):
		w.stack = append(w.stack, waterfallScreen)
	case w.screen() == waterfallScreen, w.screen() != compareScreen && shown == t:
		w.push(waterfallScreen)
	default:
		w.below = append(w.below, shownBelow{shown, w.waterfall.Selected(), w.banner()})
		w.stack = append(w.stack, waterfallScreen)
	}
}

// restoreShown shows again what the waterfall of the stack showed, when those above it are gone.
func (w *workspace) restoreShown() {
	left := -1
	for _, id := range w.stack {
		if id == waterfallScreen {
			left++
		}
	}
	if left = max(left, 0); left >= len(w.below) {
		return
	}
	was := w.below[left]
	w.below = w.below[:left]
	if t := sameIn(w.set, was.trace); t != w.waterfall.Trace() && t != nil {
		w.setTrace(t)
		w.inherit(t)
		w.waterfall.ShowFinding(was.finding, was.span)
	}
	if was.span >= 0 {
		w.waterfall.Select(was.span)
	}
}

// banner returns the finding that the waterfall shows, nil for none.
func (w *workspace) banner() *rule.Finding {
	if open, ok := views.Do(w.waterfall.Bindings(), views.ShowFindings).(views.OpenFindings); ok {
		return open.Finding
	}
	return nil
}

// stopLoading shows that nothing is read any more.
func (w *workspace) stopLoading() {
	w.loading = false
	w.list.SetProgress(tracelist.LoadProgress{})
}
