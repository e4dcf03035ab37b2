package compare

import (
	"cmp"
	"fmt"
	"slices"
)

// rank scores the suspects and sorts them.
func (b *board) rank() {
	var time, failing float64
	for _, s := range b.list {
		if s.edges > 0 {
			phi := s.phi / s.edges
			s.gap *= phi
			for n := range s.leads {
				if !s.leads[n].beyond {
					s.leads[n].time *= phi
				}
			}
		}
		s.time = s.own + s.gap + s.more
		time += s.time
		failing += s.failing
	}
	kinds := 0.0
	for _, whole := range [...]float64{time, failing} {
		if whole > 0 {
			kinds++
		}
	}
	for _, s := range b.list {
		if time > 0 {
			s.score += s.time / time / kinds
		}
		if failing > 0 {
			s.score += s.failing / failing / kinds
		}
	}
	slices.SortStableFunc(b.list, func(x, y *suspect) int {
		return cmp.Or(cmp.Compare(y.score, x.score), cmp.Compare(x.name, y.name))
	})
	b.demoteGateway()
}

// demoteGateway puts a service that most traces only enter through behind the first service behind it that is a
// suspect itself: what is wrong behind a gateway always shows at it.
func (b *board) demoteGateway() {
	entered, own := map[string]int{}, map[string]float64{}
	for i := range b.c.Calls {
		n := &b.c.Calls[i]
		if n.Parent < 0 {
			entered[n.Worker] += n.Traces[1]
		}
		own[n.Worker] += n.meanCritical[1] - n.meanCallerOwn[1]
	}
	for at, s := range b.list {
		if float64(entered[s.name]) < gatewayShare*float64(b.p.size(1)) || own[s.name] > gatewayOwn*float64(b.c.Of[1].Mean) {
			continue
		}
		reached := b.reached(s, func(s *suspect) []string { return s.callees })
		behind := -1
		for k := at + 1; k < len(b.list) && behind < 0; k++ {
			if b.list[k].score > 0 && reached[b.list[k].name] {
				behind = k
			}
		}
		if behind > 0 {
			copy(b.list[at:], b.list[at+1:behind+1])
			b.list[behind] = s
			b.gateway = s
			b.passing = fmt.Sprintf("%.0f %% of the bad traces enter through it, %.0f %% of their time is its own work: what it calls stands before it",
				100*float64(entered[s.name])/float64(b.p.size(1)), 100*own[s.name]/float64(b.c.Of[1].Mean))
		}
		return
	}
}

// reached returns the services that are next to a service or next to one of these: what it calls through others, or
// what calls it.
func (b *board) reached(s *suspect, next func(*suspect) []string) map[string]bool {
	reached := map[string]bool{}
	for queue := []*suspect{s}; len(queue) > 0; queue = queue[1:] {
		for _, name := range next(queue[0]) {
			if !reached[name] {
				reached[name] = true
				queue = append(queue, b.known[name])
			}
		}
	}
	return reached
}

// explain notes with the culprits before the one in place n how much of its excess time is in calls that lead to them.
func (b *board) explain(list []Culprit, n int) {
	u := b.list[n]
	for v := range list[:n] {
		time := 0.0
		leading := b.reached(b.known[list[v].Service], func(s *suspect) []string { return s.callers })
		for _, l := range u.leads {
			if l.to == list[v].Service || l.beyond && leading[l.to] {
				time += l.time
			}
		}
		if share := time / u.time; u.time > 0 && share >= explainLeast {
			list[v].Explains = append(list[v].Explains, Explained{u.name, min(share, 1)})
		}
	}
	if u == b.gateway {
		list[n].Passing = b.passing
	}
}
