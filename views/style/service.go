package style

import (
	"math"
	"slices"

	"github.com/lucasb-eyer/go-colorful"

	"tracefall/views/draw"
)

// Service returns the ink of a service: the colour that For gave it, else the
// one that its name hashes to. Spans without a service have no colour.
func (t *Theme) Service(name string) draw.Ink {
	if len(t.services) == 0 || name == "" {
		return t.Text
	}
	slot, ok := t.slots[name]
	if !ok {
		slot = t.hashed(name)
	}
	return draw.Ink{FG: t.services[slot]}
}

// Services lists the services that For gave colours of their own, by name.
func (t *Theme) Services() []string { return t.names }

// hashed returns the colour that the hash (FNV-1a, 32 bits) of a name chooses:
// the same in every run and place.
func (t *Theme) hashed(name string) uint8 {
	hash := uint32(2166136261)
	for i := range len(name) {
		hash = (hash ^ uint32(name[i])) * 16777619
	}
	return uint8(hash % uint32(len(t.services)))
}

// For returns the theme with a colour of its own for each of these services, as
// long as there are colours; then the next ones share them evenly. A service
// gets the colour that its name hashes to. Of those whose names hash to one, the
// first by name has it, and each other one gets the free colour that is
// farthest in Oklab from all that are taken. So the same services have the same
// colours in every run, whatever order they come in.
func (t Theme) For(services []string) Theme {
	t.names = slices.Compact(slices.Sorted(slices.Values(services)))
	t.names = slices.DeleteFunc(t.names, func(name string) bool { return name == "" })
	t.slots = nil
	if len(t.services) == 0 {
		return t
	}
	t.slots = make(map[string]uint8, len(t.names))
	for n := 0; n < len(t.names); n += len(t.services) {
		t.share(t.names[n:min(n+len(t.services), len(t.names))])
	}
	return t
}

// share gives each of at most as many names as there are colours one of its own.
func (t *Theme) share(names []string) {
	free := make([]bool, len(t.services))
	for i := range free {
		free[i] = true
	}
	var taken []uint8
	take := func(name string, slot uint8) {
		t.slots[name], free[slot] = slot, false
		taken = append(taken, slot)
	}
	var late []string
	for _, name := range names {
		if slot := t.hashed(name); free[slot] {
			take(name, slot)
		} else {
			late = append(late, name)
		}
	}
	for _, name := range late {
		best, far := uint8(0), -1.0
		for slot := range t.services {
			if !free[slot] {
				continue
			}
			near := math.Inf(1)
			for _, other := range taken {
				near = min(near, apart(t.services[slot], t.services[other]))
			}
			if near > far {
				best, far = uint8(slot), near
			}
		}
		take(name, best)
	}
}

// apart is the distance of two colours in Oklab (Björn Ottosson, 2020). The
// colours that a terminal names have the values of xterm.
func apart(a, b draw.Color) float64 {
	x, _ := colorful.MakeColor(a.Color())
	y, _ := colorful.MakeColor(b.Color())
	l1, a1, b1 := x.OkLab()
	l2, a2, b2 := y.OkLab()
	return math.Sqrt((l1-l2)*(l1-l2) + (a1-a2)*(a1-a2) + (b1-b2)*(b1-b2))
}
