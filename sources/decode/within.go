package decode

import (
	"slices"

	"tracefall/sources/jsonscan"
)

// Within reads the JSON that the next string holds, as people put documents into documents, and reports whether it was
// whole. What is noted there has the place of the string. Strings within are not read so again.
func (r *Input) Within(read func()) bool {
	at := r.ValueAt()
	t := r.Quoted()
	if r.Err != nil {
		return false
	}
	text := slices.Clone(t.Raw)
	if !t.Plain {
		text = jsonscan.AppendUnescaped(nil, t.Raw)
	}
	outer, before, idText := r.Scanner, r.Notes, r.idText
	r.Scanner = jsonscan.Scanner{Data: text, Look: outer.Look, LookAt: outer.LookAt}
	r.Notes, r.idText, r.Inner = nil, nil, true
	read()
	whole := r.Err == nil && r.Ended()
	inside := r.Notes
	outer.LookAt = 0 // of the other text
	r.Scanner, r.Notes, r.idText, r.Inner = outer, before, idText, false
	for _, n := range inside {
		n.Places = []int{at}
		r.Notes.Add(n)
	}
	if r.Stop != nil {
		r.Fail("no interruption")
	}
	return whole
}
