package app

import (
	"context"
	"slices"
	"time"

	tea "charm.land/bubbletea/v2"

	"tracefall/app/session"
	"tracefall/sources/live"
	"tracefall/sources/trace"
	"tracefall/views"
	"tracefall/views/tracelist"
)

// unread reads the traces that a backend listed without their spans: those on the screen and a little below, while the list
// is shown.
//
//	Answer.Rest, less what the set has --rows--> list
//	                  ^                            | Wanted
//	                  '---- feed <-- jobUnread <---'
type unread struct {
	*workspace
	asking *asking

	request *session.Request // whose answer the rows are of
	answer  *live.Answer
	of      *trace.Set // with which they are shown
	left    []live.Row
	gone    map[trace.TraceID]bool // that the backend has no more
	first   []trace.TraceID        // that are read wherever they stand: they are new, or have more spans than were read
	halted  bool                   // until it is asked anew
}

// readBelow is how many lines below the screen are read.
const readBelow = 20

// shownWithin is after how long what was read is to be shown: until then more is read.
const shownWithin = 300 * time.Millisecond

// follow shows what is left unread, and reads what is wanted of it, where nothing is being read.
func (u *unread) follow() tea.Cmd {
	if u.loading || u.set == nil {
		return nil
	}
	u.update()
	if len(u.left) == 0 || u.halted || u.screen() != listScreen || u.jobs.busy(jobMore) || u.asking.feed == nil || u.jobs.busy(jobUnread) || u.jobs.busy(jobFetch) {
		return nil
	}
	if rows := u.rowsOf(append(u.list.Wanted(readBelow), u.first...)); len(rows) > 0 {
		return u.read(rows)
	}
	return nil
}

// update shows in the list what was listed and is not in the set.
func (u *unread) update() {
	var request *session.Request
	var answer *live.Answer
	if len(u.asking.requests) == 1 {
		request = u.asking.requests[0]
		answer = request.Answer
	}
	if request != u.request {
		u.request, u.answer, u.gone, u.halted = request, nil, map[trace.TraceID]bool{}, false
		u.jobs.stop(jobUnread)
	}
	if answer == u.answer && u.set == u.of {
		return
	}
	was, asked := u.of, answer != u.answer
	u.answer, u.of, u.left = answer, u.set, nil
	if answer != nil && answer.Rest != nil {
		u.left = slices.DeleteFunc(slices.Clone(answer.Rest.Rows), func(r live.Row) bool { return u.gone[r.ID] || u.set.Find(r.ID) != nil })
	}
	if asked {
		u.first = u.changed(was)
	}
	shown := make([]tracelist.Unread, len(u.left))
	for i, r := range u.left {
		shown[i] = tracelist.Unread{
			ID: r.ID, Start: r.Window.From.UnixNano(), Took: int64(r.Took), Service: r.Service, Name: r.Name,
			Spans: r.Spans, Errors: r.Errors, Services: r.Services, Undecided: r.Open,
		}
	}
	u.list.SetUnread(shown, u.asking.text)
}

// changed returns which rows an answer has where it was asked again: the newest of those that are new, and those that had been
// read, which are in the set before.
func (u *unread) changed(before *trace.Set) (ids []trace.TraceID) {
	known := u.asking.known
	if known == nil || before == nil {
		return nil
	}
	fresh := 0
	for _, r := range u.left {
		isNew := !known(r.ID)
		if isNew {
			fresh++
		}
		if isNew && fresh <= readBelow || before.Find(r.ID) != nil {
			ids = append(ids, r.ID)
		}
	}
	return ids
}

// rowsOf returns the rows of traces, in this order, each once.
func (u *unread) rowsOf(ids []trace.TraceID) (rows []live.Row) {
	if len(ids) == 0 {
		return nil
	}
	at := make(map[trace.TraceID]int, len(u.left))
	for i, r := range u.left {
		at[r.ID] = i
	}
	for _, id := range ids {
		if i, ok := at[id]; ok {
			rows = append(rows, u.left[i])
			delete(at, id)
		}
	}
	return rows
}

// nowRead is everything that was read, and what the backend gave of the rows, or has no more.
type nowRead struct {
	set  *trace.Set
	rows *tracelist.Arrangement
	done []trace.TraceID
	err  error
}

// read reads rows, some at a time, until there is enough to show.
func (u *unread) read(rows []live.Row) tea.Cmd {
	rest, feed, arranger := u.answer.Rest, u.asking.feed, u.list.Arranger()
	return start(&u.jobs, jobUnread, func(ctx context.Context, _ progress) (now nowRead, err error) {
		feed.Lock()
		defer feed.Unlock()
		for began := time.Now(); now.err == nil && len(rows) > 0 && time.Since(began) < shownWithin; {
			n := min(len(rows), rest.Most())
			var done []trace.TraceID
			done, now.err = rest.Read(ctx, rows[:n], feed.Feed)
			now.done = append(now.done, done...)
			rows = rows[n:]
		}
		if ctx.Err() != nil {
			return now, ctx.Err()
		}
		now.set = feed.Set()
		now.rows = arranger.OfSet(now.set)
		return now, nil
	}, u.took)
}

// took shows what was read.
func (u *unread) took(now nowRead) tea.Cmd {
	if now.err != nil {
		u.halted = true
		u.complainOf(jobUnread, firstLine(now.err))
	}
	for _, id := range now.done {
		u.gone[id] = now.set.Find(id) == nil
	}
	u.first = slices.DeleteFunc(u.first, func(id trace.TraceID) bool { _, done := u.gone[id]; return done })
	u.list.Use(now.rows)
	return u.asking.show(now.set)
}

// open reads a trace and opens it.
func (u *unread) open(id trace.TraceID) tea.Cmd {
	switch {
	case id == u.asking.absent:
		u.complain("the backend has no trace " + id.String() + " any more; " + u.keys.key(views.Refresh) + " asks again")
		return nil
	case u.loading || !u.asking.canFetch(id):
		u.say("the backend is still being asked")
		return nil
	}
	u.jobs.stop(jobUnread)
	return u.asking.fetch(id, func() {
		if t := u.set.Find(id); t != nil {
			u.openTrace(t, -1)
		}
	})
}

// halt ends reading, and reports whether anything was read.
func (u *unread) halt() bool {
	if !u.jobs.busy(jobUnread) {
		return false
	}
	u.jobs.stop(jobUnread)
	u.halted = true
	return true
}
