package sources

import "slices"

// within reads the JSON that the next string holds, as people put documents into documents, and tells whether it was
// whole. What is noted there has the place of the string. Strings within are not read so again.
func (r *jsonInput) within(read func()) bool {
	at := r.valueAt()
	t := r.quoted()
	if r.err != nil {
		return false
	}
	text := slices.Clone(t.raw)
	if !t.plain {
		text = appendUnescaped(nil, t.raw)
	}
	outer, before, idText := r.scanner, r.notes, r.idText
	r.scanner = scanner{data: text, look: outer.look, lookAt: outer.lookAt}
	r.notes, r.idText, r.inner = nil, nil, true
	read()
	whole := r.err == nil && r.ended()
	inside := r.notes
	outer.lookAt = 0 // of the other text
	r.scanner, r.notes, r.idText, r.inner = outer, before, idText, false
	for _, n := range inside {
		n.places = []int{at}
		r.notes.add(n)
	}
	if r.stop != nil {
		r.fail("no interruption")
	}
	return whole
}
