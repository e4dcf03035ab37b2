package app

import (
	"context"
	"fmt"
	"slices"
	"time"

	tea "charm.land/bubbletea/v2"

	"tracefall/diagnose/units"
	"tracefall/sources/live"
	"tracefall/sources/trace"
	"tracefall/views"
	"tracefall/views/draw"
	"tracefall/views/tracelist"
)

// watching asks the backends every few seconds for what is new.
//
//	W --> all up to now --> every step: from the newest end - lateSpans until now --> added to what is there
type watching struct {
	*workspace
	asking   *asking
	fetching *fetching
	every    time.Duration // the age on the screen changes

	on      bool
	of      []string      // the inputs
	times   int           // that it began: ticks of an earlier time are stale
	usual   time.Duration // between two questions
	step    time.Duration // likewise, longer after failures
	next    time.Time     // when the next is due
	last    time.Time     // when the last was answered
	touched time.Time     // when somebody pressed a key
	failed  bool          // the last question
}

const (
	usualWatch   = 5 * time.Second
	longestWatch = time.Minute
	lateSpans    = time.Minute      // how late spans may come
	watchAlone   = 15 * time.Minute // nobody asks for one who has left
	watchMost    = 10_000           // traces
)

// watchMsg says that a second has passed.
type watchMsg struct{ times int }

// toggle begins watching, or ends it.
func (w *watching) toggle() tea.Cmd {
	if w.on {
		w.end("no longer watching")
		return nil
	}
	begun := w.begin()
	return tea.Batch(w.asking.refresh(), begun)
}

// begin begins watching where everything up to now is there or under way.
func (w *watching) begin() tea.Cmd {
	w.on, w.of, w.failed, w.usual = true, w.inputs, false, usualWatch
	for _, r := range w.asking.requests {
		if r.Backend.Watch > 0 {
			w.usual = r.Backend.Watch
			break
		}
	}
	w.step, w.last = w.usual, w.fetching.now()
	w.touched, w.next = w.last, w.last.Add(w.step)
	w.times++
	text := "watching: asks every " + units.Lasted(int64(w.usual))
	if w.pauses() != "" {
		text += ", paused while a trace is open"
	}
	w.say(text + "; " + w.keys.key(views.Watch) + " stops")
	w.showAge()
	return w.tick()
}

// end ends watching, and says why.
func (w *watching) end(why string) {
	w.on = false
	w.jobs.stop(jobWatch)
	w.list.SetWatching("")
	w.say(why)
}

func (w *watching) tick() tea.Cmd {
	msg := watchMsg{w.times}
	return tea.Tick(w.every, func(time.Time) tea.Msg { return msg })
}

// key takes note that somebody is there.
func (w *watching) key() { w.touched = w.fetching.now() }

// due asks when it is time to.
func (w *watching) due(msg watchMsg) tea.Cmd {
	if !w.on || msg.times != w.times {
		return nil
	}
	var asked tea.Cmd
	switch now := w.fetching.now(); {
	case !slices.Equal(w.of, w.inputs):
		w.end("no longer watching: something else was opened")
		return nil
	case w.loading:
		w.last, w.next = now, now.Add(w.step)
	case !w.opt.Backends.Scope.To.IsZero():
		w.end("no longer watching: the time window ends before now")
		return nil
	case w.set != nil && w.set.Len() >= watchMost:
		w.end("no longer watching: " + draw.Amount(w.set.Len(), "trace") + " are loaded; " + w.keys.key(views.Watch) + " goes on")
		return nil
	case !w.jobs.busy(jobWatch) && w.pauses() == "" && !now.Before(w.next):
		asked = w.ask(now)
	}
	w.showAge()
	return tea.Batch(asked, w.tick())
}

// follow shows at once that it pauses, or goes on, as soon as a trace is open, or closed.
func (w *watching) follow() {
	if w.on {
		w.showAge()
	}
}

// pauses says why nothing is asked for now, "" where it is.
func (w *watching) pauses() string {
	switch in, _ := w.scope(); {
	case in != ofList:
		return "paused"
	case w.fetching.now().Sub(w.touched) >= watchAlone:
		return "paused until a key"
	}
	return ""
}

// showAge says in the list's head how old what it shows is.
func (w *watching) showAge() {
	text := w.pauses()
	switch now := w.fetching.now(); {
	case text != "":
	case w.failed && now.Before(w.next):
		text = fmt.Sprintf("again in %d s", (w.next.Sub(now)+time.Second-1)/time.Second)
	default:
		text = fmt.Sprintf("%d s ago", now.Sub(w.last)/time.Second)
	}
	w.list.SetWatching(text)
}

// ask asks for what is new.
func (w *watching) ask(now time.Time) tea.Cmd {
	growth, requests, old, arranger := w.fetching.growth(), w.asking.requests, w.set, w.list.Arranger()
	if growth == nil || len(requests) == 0 {
		return nil
	}
	window := live.Window{From: w.asking.current().To.Add(-lateSpans), To: now}
	if from := w.asking.current().From; window.From.Before(from) {
		window.From = from
	}
	type newer struct {
		set  *trace.Set
		rows *tracelist.Arrangement // nil where nothing is new
		err  error
	}
	return start(&w.jobs, jobWatch, func(ctx context.Context, _ progress) (newer, error) {
		set, fresh, err := growth.Newer(ctx, requests, window)
		if err != nil {
			return newer{err: err}, ctx.Err()
		}
		if fresh == 0 && set.SpanCount() == old.SpanCount() {
			return newer{set: old}, nil
		}
		return newer{set: set, rows: arranger.OfSet(set)}, nil
	}, func(n newer) tea.Cmd {
		defer w.asking.reported() // each request, whatever came of it
		if n.err != nil {
			w.failed, w.step = true, min(2*w.step, longestWatch)
			w.next = w.fetching.now().Add(w.step)
			w.complainOf(jobWatch, firstLine(n.err))
			return nil
		}
		w.worked(jobLoad) // the backend answers again
		w.failed, w.step, w.last = false, w.usual, w.fetching.now()
		w.next = w.last.Add(w.step)
		for _, r := range requests {
			if r.ID.IsZero() {
				r.Window.To = window.To
			}
		}
		w.showAge()
		if n.rows == nil {
			return nil
		}
		w.list.Hold()
		w.list.Use(n.rows)
		return w.asking.show(n.set)
	})
}

// whyNot says why there is nothing to watch; "" where there is.
func (w *watching) whyNot() string {
	switch {
	case w.on:
		return ""
	case w.asking.whyNoBackend() != "":
		return w.asking.whyNoBackend()
	case !w.asking.window():
		return "no time window is open, only a trace"
	case w.fetching.growth() == nil:
		return "files are open beside the backend"
	case !w.opt.Backends.Scope.To.IsZero():
		return "the time window ends before now: " + w.keys.key(views.SetTimeWindow) + " chooses another"
	}
	return ""
}
