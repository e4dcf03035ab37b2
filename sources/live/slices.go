package live

import (
	"errors"
	"time"
)

// A limit cuts an answer without a word, so only an answer with fewer traces than were asked for is believed:
//
//	From                                                  To
//	|-----------------------------------------------------|  the whole window: full, not believed
//	|                                                 |---|  its newest 64th: full
//	|                                                   |-|  halved: fewer, believed
//	|                                                 |-|    the next, as long
//	|                                          |------|      few: twice as long, and so on
//
// What is full at the grain, the shortest slice that the server can be asked for, is asked for with a higher limit, to
// the server's bound; what is full then is cut.
//
// What does not come whole, or not at all, is asked for in halves too, since one trace may stand in the way. From one such
// slice at the grain to the next the shortest that is tried doubles, so a server whose every answer breaks off is left soon.

const (
	firstShare = 64          // of the window: the first slice
	firstLeast = time.Second // but no shorter
	raise      = 4           // times the limit at the grain
	few        = 4           // an answer below a quarter of the limit doubles the next slice
	mostAsked  = 1 << 18     // traces of one answer: Tempo's bound is 262144
	largeBytes = 32 << 20    // of an answer, after which half as many traces are asked for
	leastAsked = 10          // traces, however large they are: with fewer, few answers could be believed
)

// slicing is how far a window was asked for, from the newest backwards. It asks for nothing itself.
type slicing struct {
	window Window
	grain  time.Duration
	usual  int           // limit of a request
	limit  int           // of the next request: lower after large answers
	bound  int           // the highest limit that the server may take
	raised int           // the limit of the slice that is under way, at the grain; 0 for none
	down   time.Time     // what is newer was read
	step   time.Duration // the longest that the next slice may be
	cut    []Window      // slices that did not come whole
	lost   int           // of these, how many in a row before down
}

func newSlicing(w Window, grain time.Duration, limit, bound int) *slicing {
	limit = max(1, min(limit, bound))
	return &slicing{window: w, grain: grain, usual: limit, limit: limit, bound: bound, down: w.To, step: w.To.Sub(w.From)}
}

func (s *slicing) done() bool { return !s.down.After(s.window.From) }

// next is what to ask for: a slice that ends where the last one began, and with what limit.
func (s *slicing) next() (Window, int) {
	limit := s.limit
	if s.raised > 0 {
		limit = s.raised
	}
	from := s.down.Add(-s.step)
	if !from.After(s.window.From) {
		return Window{s.window.From, s.down}, limit
	}
	if aligned := from.Truncate(s.grain); aligned.Before(from) {
		from = aligned.Add(s.grain)
	}
	if !from.Before(s.down) {
		from = s.down.Add(-1).Truncate(s.grain)
	}
	if from.Before(s.window.From) {
		from = s.window.From
	}
	return Window{from, s.down}, limit
}

// got takes the answer for the slice of next: how many traces it has, and how many bytes. It reports whether the slice is
// done with: what does not come whole is asked for again in halves.
func (s *slicing) got(found int, bytes int64, whole bool) bool {
	w, limit := s.next()
	switch {
	case bytes > largeBytes:
		s.limit = min(s.limit, max(leastAsked, s.limit/2))
	case bytes < largeBytes/4:
		s.limit = min(s.usual, 2*s.limit)
	}
	switch {
	case whole && found < limit:
		s.lost = 0
		s.advance(w, few*found < limit)
		return true
	case !whole:
		return s.lose(w)
	case s.shorten(w, s.grain):
		return false
	case limit < s.bound:
		s.raised = min(raise*limit, s.bound)
		return false
	}
	s.cut = append(s.cut, w)
	s.advance(w, false)
	return true
}

// mostLost bounds how often the shortest slice is doubled: no window is longer than 2^30 grains.
const mostLost = 30

// lose goes on after a slice that did not come whole, and reports whether it is given up.
func (s *slicing) lose(w Window) bool {
	if s.shorten(w, s.grain<<min(s.lost, mostLost)) {
		return false
	}
	s.cut = append(s.cut, w)
	s.advance(w, s.lost > 0)
	s.lost++
	return true
}

// advance goes on to the slice before w.
func (s *slicing) advance(w Window, double bool) {
	s.down, s.raised = w.From, 0
	s.step = max(s.grain, w.To.Sub(w.From))
	if double {
		s.step *= 2
	}
}

// shorten makes the next slice shorter than w, and reports whether it could: it leaves alone what is no longer than least.
func (s *slicing) shorten(w Window, least time.Duration) bool {
	length := w.To.Sub(w.From)
	if length <= least {
		return false
	}
	if w == s.window {
		s.step = max(length/firstShare, min(firstLeast, length/2))
	} else {
		s.step = length / 2
	}
	s.step = max(s.step, s.grain)
	return true
}

// failed takes the failure of the request of next, and reports whether it is mended: by a lower limit, or by a shorter
// slice where one trace stands in the way of others. At the grain that trace is given up.
func (s *slicing) failed(err error) bool {
	w, limit := s.next()
	switch {
	case errors.Is(err, errDepth) && limit > 1:
		s.bound = max(1, min(limit, s.bound)/2)
		s.usual, s.limit = min(s.usual, s.bound), min(s.limit, s.bound)
		if s.raised > 0 {
			s.raised = s.bound
		}
		return true
	case errors.Is(err, errNumber):
		s.lose(w)
		return true
	}
	return false
}
