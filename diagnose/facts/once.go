package facts

// once returns what a map has for a key, worked out when it is first asked for.
func once[K comparable, V any](known map[K]V, key K, work func(key K) V) V {
	value, ok := known[key]
	if !ok {
		value = work(key)
		known[key] = value
	}
	return value
}
