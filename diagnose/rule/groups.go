package rule

import "iter"

// Groups holds a value for each key, in the order in which the keys were first met.
type Groups[K comparable, V any] struct {
	Keys []K
	of   map[K]*V
}

// Of returns the value of a key: the zero value where the key is met for the first time.
func (g *Groups[K, V]) Of(k K) *V {
	v := g.of[k]
	if v == nil {
		if g.of == nil {
			g.of = map[K]*V{}
		}
		v = new(V)
		g.of[k] = v
		g.Keys = append(g.Keys, k)
	}
	return v
}

// Known returns the value of a key, nil where the key was not met.
func (g *Groups[K, V]) Known(k K) *V { return g.of[k] }

// All goes through the keys and their values.
func (g *Groups[K, V]) All() iter.Seq2[K, *V] {
	return func(yield func(K, *V) bool) {
		for _, k := range g.Keys {
			if !yield(k, g.of[k]) {
				return
			}
		}
	}
}

// Lists holds a list for each key, in the order in which the keys were first met.
type Lists[K comparable, V any] struct{ Groups[K, []V] }

// Add appends to the list of a key.
func (l *Lists[K, V]) Add(k K, v V) {
	list := l.Groups.Of(k)
	*list = append(*list, v)
}

// Of returns the list of a key, nil where the key was not met.
func (l *Lists[K, V]) Of(k K) []V {
	if list := l.Known(k); list != nil {
		return *list
	}
	return nil
}

// All goes through the keys and their lists.
func (l *Lists[K, V]) All() iter.Seq2[K, []V] {
	return func(yield func(K, []V) bool) {
		for k, list := range l.Groups.All() {
			if !yield(k, *list) {
				return
			}
		}
	}
}

// Memo keeps what was worked out for a key.
type Memo[K comparable, V any] map[K]V

// Of returns what is kept for a key, which is worked out where the key is met for the first time.
func (m Memo[K, V]) Of(k K, work func() V) V {
	v, known := m[k]
	if !known {
		v = work()
		m[k] = v
	}
	return v
}

// Distinct lists what the things of a list have, each once, in order of appearance.
func Distinct[T any, K comparable](list []T, of func(T) K) []K {
	var groups Groups[K, struct{}]
	for _, each := range list {
		groups.Of(of(each))
	}
	return groups.Keys
}

// Any reports whether one of several things is of a sort.
func Any[T any](all iter.Seq[T], is func(T) bool) bool {
	for each := range all {
		if is(each) {
			return true
		}
	}
	return false
}
