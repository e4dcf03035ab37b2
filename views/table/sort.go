package table

// SortByKey sorts rows by their keys, stably, in linear time: a radix sort, lowest byte first, that passes over
// bytes that are the same in all keys. Both slices are used up.
func SortByKey(rows []uint32, keys []uint64) []uint32 {
	var counts [8][256]int
	for _, k := range keys {
		for b := range counts {
			counts[b][byte(k>>(8*b))]++
		}
	}
	rows2, keys2 := make([]uint32, len(rows)), make([]uint64, len(keys))
	for b := range counts {
		count := &counts[b]
		if len(keys) == 0 || count[byte(keys[0]>>(8*b))] == len(keys) {
			continue
		}
		at := 0
		for v, n := range count {
			count[v] = at
			at += n
		}
		for i, k := range keys {
			to := &count[byte(k>>(8*b))]
			rows2[*to], keys2[*to] = rows[i], k
			*to++
		}
		rows, rows2, keys, keys2 = rows2, rows, keys2, keys
	}
	return rows
}
