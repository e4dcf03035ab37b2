package population

// inOrder keeps a value for each key, in the order in which the keys were first asked for.
type inOrder[K comparable, V any] struct {
	at   map[K]*V
	keys []K
}

// of returns the value of a key, at first the zero one.
func (o *inOrder[K, V]) of(key K) *V {
	v := o.at[key]
	if v == nil {
		if o.at == nil {
			o.at = map[K]*V{}
		}
		v = new(V)
		o.at[key], o.keys = v, append(o.keys, key)
	}
	return v
}

// all yields keys and values in order.
func (o *inOrder[K, V]) all(yield func(K, *V) bool) {
	for _, key := range o.keys {
		if !yield(key, o.at[key]) {
			return
		}
	}
}
