package timing

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// drawn reads spans as a picture: one a line in pre-order, the indentation of the name is the depth, the columns of
// the first and the last bar are start and end, each column unit ns long.
func drawn(t *testing.T, picture string, unit int64) (*Timing, []string) {
	t.Helper()
	var names []string
	var start, end []int64
	var parents []int
	var open []int
	for line := range strings.SplitSeq(strings.Trim(picture, "\n"), "\n") {
		line = strings.TrimPrefix(line, "\t\t\t")
		name := strings.Fields(line)[0]
		depth := strings.Index(line, name)
		from, to := strings.Index(line, "|"), strings.LastIndex(line, "|")
		if from < 0 || depth > len(open) {
			t.Fatalf("bad line %q", line)
		}
		parent := -1
		if depth > 0 {
			parent = open[depth-1]
		}
		open = append(open[:depth], len(names))
		names, parents = append(names, name), append(parents, parent)
		start, end = append(start, int64(from)*unit), append(end, int64(to)*unit)
	}
	return newTiming(start, end, parents), names
}

// newTiming makes a Timing of plain intervals; parents come before their children.
func newTiming(start, end []int64, parents []int) *Timing {
	n := len(start)
	tm := &Timing{start: slices.Clone(start), end: slices.Clone(end), next: make([]int32, n), async: make([]bool, n)}
	for i := range n {
		tm.next[i] = int32(i + 1)
		for p := parents[i]; p >= 0; p = parents[p] {
			tm.next[p] = int32(i + 1)
		}
		if p := parents[i]; p >= 0 {
			if tm.async[i] = tm.outside(p, i); !tm.async[i] {
				tm.start[i], tm.end[i] = max(tm.start[i], tm.start[p]), min(tm.end[i], tm.end[p])
			}
		}
	}
	return tm
}

// told writes a path as "name from-to" in units.
func told(path *CriticalPath, names []string, unit, zero int64) string {
	var parts []string
	for _, s := range path.Steps {
		parts = append(parts, fmt.Sprintf("%s %d-%d", names[s.Span], (s.Start-zero)/unit, (s.End-zero)/unit))
	}
	return strings.Join(parts, ", ")
}

func TestCriticalDrawn(t *testing.T) {
	cases := []struct{ name, picture, want string }{
		{"alone", `
			r  |----------|`, "r 0-11"},
		{"one child", `
			r  |----------|
			 a    |---|`, "r 0-3, a 3-7, r 7-11"},
		{"in a row, touching: the earlier one counts", `
			r  |----------|
			 a |----|
			 b      |-----|`, "a 0-5, b 5-11"},
		{"in parallel: the last to finish", `
			r  |----------|
			 a  |------|
			 b  |----|`, "r 0-1, a 1-8, r 8-11"},
		{"overlapping: the one that ended before the last began", `
			r  |--------------------------|
			 a   |---|
			 b      |---------|
			 c                 |--------|`, "r 0-5, b 5-15, r 15-16, c 16-25, r 25-27"},
		{"a tie: the longest", `
			r  |----------|
			 a     |----|
			 b  |-------|`, "r 0-1, b 1-9, r 9-11"},
		{"grandchildren", `
			r   |--------------|
			 a    |--------|
			  b     |----|
			  c     |--|
			 d             |-|`, "r 0-2, a 2-4, b 4-9, a 9-11, d 11-13, r 13-15"},
		{"a child that outlives its parent is clipped", `
			r  |------|
			 a    |-------|`, "r 0-3, a 3-7"},
		{"a child that begins earlier is clipped", `
			r     |------|
			 a |------|`, "a 0-4, r 4-7"},
		{"a child after its parent is not waited for", `
			r  |------|
			 a          |----|
			  b         |--|`, "r 0-7"},
		{"a child of a clipped span", `
			r  |------|
			 a    |--------|
			  b     |-----|`, "r 0-3, a 3-5, b 5-7"},
		{"children of no duration do not count", `
			r  |------|
			 a    |`, "r 0-7"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			const unit = 1 // ns: too short for the tolerance
			tm, names := drawn(t, c.picture, unit)
			path := Critical(tm)
			if diff := cmp.Diff(c.want, told(path, names, unit, tm.start[0])); diff != "" {
				t.Errorf("-want +got\n%s%s", diff, c.picture)
			}
			checkWhole(t, tm, path)
		})
	}
}

// TestCriticalTolerance is about clocks that tick unevenly: a and b overlap by 1 of 200 units.
func TestCriticalTolerance(t *testing.T) {
	start, end := []int64{0, 0, 99}, []int64{200, 100, 200}
	parents := []int{-1, 0, 0}
	names := []string{"r", "a", "b"}
	for _, c := range []struct {
		name string
		unit int64
		more []int64 // one more child: start, end
		want string
	}{
		{"within 1 %", 1000, nil, "a 0-99, b 99-200"},
		{"longer than 1 ms", 2_000_000, nil, "r 0-99, b 99-200"},
		{"another child begins in the overlap", 1000, []int64{99_500, 120_000}, "r 0-99, b 99-200"},
		{"another child begins where the overlap ends", 1000, []int64{100_000, 120_000}, "a 0-99, b 99-200"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, e, p, n := slices.Clone(start), slices.Clone(end), slices.Clone(parents), slices.Clone(names)
			for i := range s {
				s[i], e[i] = s[i]*c.unit, e[i]*c.unit
			}
			if c.more != nil {
				s, e, p, n = append(s, c.more[0]), append(e, c.more[1]), append(p, 0), append(n, "c")
			}
			tm := newTiming(s, e, p)
			path := Critical(tm)
			if got := told(path, n, c.unit, 0); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
			checkWhole(t, tm, path)
		})
	}
}

// checkWhole verifies what holds for every critical path: steps are disjoint, in order, inside their spans, and sum
// exactly to the effective duration of the first span.
func checkWhole(t *testing.T, tm *Timing, path *CriticalPath) {
	t.Helper()
	at, self := tm.start[0], make([]int64, len(tm.start))
	for _, s := range path.Steps {
		if s.Start != at || s.End <= s.Start {
			t.Fatalf("step %+v begins at %d, want %d, in %+v", s, s.Start, at, path.Steps)
		}
		if e := tm.Effective(s.Span); s.Start < e.Start || s.End > e.End {
			t.Fatalf("step %+v lies outside its span %+v", s, e)
		}
		at = s.End
		self[s.Span] += s.Duration()
	}
	if at != tm.end[0] {
		t.Fatalf("the path ends at %d, want %d", at, tm.end[0])
	}
	if !slices.Equal(self, path.self) {
		t.Fatalf("times %v, want the sums of the steps %v", path.self, self)
	}
}

// TestCriticalAgainstOracle compares with a slow walk that looks at every nanosecond, on random small traces.
func TestCriticalAgainstOracle(t *testing.T) {
	for seed := range uint64(20_000) {
		r := rand.New(rand.NewPCG(seed, 1))
		tm := randomTiming(r, 1+r.IntN(8), 30)
		path := Critical(tm)
		checkWhole(t, tm, path)
		if want := oracle(tm); !slices.Equal(want, owners(path)) {
			t.Fatalf("seed %d: who is on the path each ns: got %v, want %v\n%+v", seed, owners(path), want, tm)
		}
	}
}

// TestCriticalProperties checks larger traces, long enough for the tolerance to matter.
func TestCriticalProperties(t *testing.T) {
	for seed := range uint64(300) {
		r := rand.New(rand.NewPCG(seed, 2))
		tm := randomTiming(r, 1+r.IntN(400), 1+r.Int64N(10_000_000))
		checkWhole(t, tm, Critical(tm))
	}
}

// TestCriticalDeep walks a chain of 100,000 spans.
func TestCriticalDeep(t *testing.T) {
	const n = 100_000
	tm := &Timing{start: make([]int64, n), end: make([]int64, n), next: make([]int32, n), async: make([]bool, n)}
	for i := range n {
		tm.start[i], tm.end[i], tm.next[i] = int64(i), int64(3*n-i), n
	}
	path := Critical(tm)
	checkWhole(t, tm, path)
	if got, want := path.Time(n-1), int64(n+2); got != want {
		t.Errorf("the innermost span is on the path for %d ns, want %d", got, want)
	}
}

func randomTiming(r *rand.Rand, n int, length int64) *Timing {
	start, end, depths, parents := []int64{0}, []int64{length}, []int{0}, []int{-1}
	open := []int{0}
	for i := 1; i < n; i++ {
		d := 1 + r.IntN(depths[i-1]+1)
		open = open[:d]
		p := open[d-1]
		// Mostly inside the parent, now and then over an edge.
		room := end[p] - start[p] + 4
		a := start[p] - 2 + r.Int64N(room)
		b := a + r.Int64N(room)
		start, end = append(start, a), append(end, b)
		depths, parents, open = append(depths, d), append(parents, p), append(open, i)
	}
	return newTiming(start, end, parents)
}

// owners returns for each ns of the first span which span the path runs through.
func owners(path *CriticalPath) []int {
	var out []int
	for _, s := range path.Steps {
		for range s.Duration() {
			out = append(out, s.Span)
		}
	}
	return out
}

// oracle goes back ns by ns. At each it stands in a span; where a child that began earlier ends at this very
// moment, it goes down into the longest such; at the start of the span it goes up.
func oracle(tm *Timing) []int {
	parent := make([]int, len(tm.start))
	for i := range parent {
		parent[i] = -1
		for p := i - 1; p >= 0; p-- {
			if int(tm.next[p]) > i {
				parent[i] = p
				break
			}
		}
	}
	out := make([]int, tm.end[0]-tm.start[0])
	limit := make([]int64, len(tm.start)) // where the visit of a span began
	at := 0
	limit[0] = tm.end[0]
	for now := tm.end[0]; ; {
		best := -1
		for c := range tm.start {
			if parent[c] != at || tm.async[c] || min(tm.end[c], limit[at]) != now || tm.start[c] >= now {
				continue
			}
			if best < 0 || tm.start[c] < tm.start[best] {
				best = c
			}
		}
		switch {
		case best >= 0:
			at, limit[best] = best, now
		case now == tm.start[at] && at == 0:
			return out
		case now == tm.start[at]:
			at = parent[at]
		default:
			now--
			out[now-tm.start[0]] = at
		}
	}
}

func BenchmarkCritical(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 3))
	tm := randomTiming(r, 100_000, 1e9)
	b.ReportAllocs()
	for b.Loop() {
		Critical(tm)
	}
}
