package timing

import (
	"cmp"
	"slices"
	"time"
)

// Step is a part of the critical path: a segment during which the whole trace waited for what one span itself did.
type Step struct {
	Segment
	Span int // index in the trace
}

// CriticalPath is the chain of work that decided when the first span ended. Its steps are disjoint, in order of
// time, and their durations sum exactly to the effective duration of the first span.
type CriticalPath struct {
	Steps []Step
	self  []int64 // by span index
}

// Time returns for how many nanoseconds the critical path runs through span i itself, its children not counted.
func (c *CriticalPath) Time(i int) int64 { return c.self[i] }

// The tolerance for clocks that tick unevenly: a child that ends this little after its successor began still
// counts as the one before it (the rule of CRISP, with a bound for long spans).
const (
	slackMost  = int64(time.Millisecond)
	slackShare = 100 // of the parent's duration
)

// Critical finds the critical path from the end backwards: from the end of a span it goes to the blocking child
// that finished last before it, from that child's start to the one that finished last before that, and so on.
//
//	root  |--------------------------------|
//	a        |------|                            ends after b begins: not on the path
//	b            |-------|
//	c                       |----------|
//	path  |==r===|===b===|r=|====c=====|=r=|
//
// A child that ends exactly when its successor starts is on the path (`<=`; Jaeger compares with `<` and gives
// such a child's time to the parent). It is O(n log n) and keeps its own stack: depth does not matter.
func Critical(tm *Timing) *CriticalPath {
	path := &CriticalPath{self: make([]int64, len(tm.start))}
	if len(tm.start) == 0 {
		return path
	}
	w := walk{tm: tm, path: path}
	w.enter(0, tm.end[0])
	for len(w.stack) > 0 {
		w.step()
	}
	slices.Reverse(path.Steps)
	return path
}

// walk is a depth-first walk from the end of the trace to its start.
type walk struct {
	tm    *Timing
	path  *CriticalPath
	stack []visit
	kids  []kid   // of all visits on the stack, one after the other
	times []int64 // likewise: starts and ends of these, sorted
}

// visit is a span on the stack.
type visit struct {
	span       int
	cur        int64 // what lies after it is done
	slack      int64
	next       int // of its kids
	kids, time int // where its part of walk.kids and walk.times begins
}

type kid struct {
	span int
	Segment
}

// enter puts a span on the stack, of which the path takes what lies before hi.
func (w *walk) enter(span int, hi int64) {
	v := visit{span: span, cur: hi, kids: len(w.kids), time: len(w.times), next: len(w.kids)}
	v.slack = min(slackMost, (hi-w.tm.start[span])/slackShare)
	for c := span + 1; c < int(w.tm.next[span]); c = int(w.tm.next[c]) {
		k := kid{c, Segment{w.tm.start[c], min(w.tm.end[c], hi)}}
		if !w.tm.async[c] && k.Start < k.End {
			w.kids = append(w.kids, k)
			w.times = append(w.times, k.Start, k.End)
		}
	}
	slices.SortFunc(w.kids[v.kids:], func(a, b kid) int {
		return cmp.Or(cmp.Compare(b.End, a.End), cmp.Compare(a.Start, b.Start), cmp.Compare(a.span, b.span))
	})
	slices.Sort(w.times[v.time:])
	w.stack = append(w.stack, v)
}

// step goes on with the span on top of the stack: to its next kid on the path, or up.
func (w *walk) step() {
	v := &w.stack[len(w.stack)-1]
	for v.next < len(w.kids) {
		k := w.kids[v.next]
		v.next++
		if k.Start >= v.cur || !w.before(v, k) {
			continue
		}
		w.emit(v.span, k.End, v.cur)
		hi := min(k.End, v.cur)
		v.cur = k.Start
		w.enter(k.span, hi)
		return
	}
	w.emit(v.span, w.tm.start[v.span], v.cur)
	w.kids, w.times = w.kids[:v.kids], w.times[:v.time]
	w.stack = w.stack[:len(w.stack)-1]
}

// before reports whether a kid ended before the part of its parent that is done, or so little after it that the
// clock's grain explains it and no other kid begins or ends in between.
func (w *walk) before(v *visit, k kid) bool {
	if k.End <= v.cur {
		return true
	}
	if k.End-v.cur > v.slack {
		return false
	}
	times := w.times[v.time:]
	at, _ := slices.BinarySearch(times, v.cur+1)
	return at == len(times) || times[at] >= k.End
}

func (w *walk) emit(span int, from, to int64) {
	if from >= to {
		return
	}
	w.path.self[span] += to - from
	w.path.Steps = append(w.path.Steps, Step{Segment{from, to}, span})
}
