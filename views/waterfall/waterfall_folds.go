package waterfall

// FoldBelow folds every span of a depth and more; the first span has depth 0.
func (w *Waterfall) FoldBelow(depth int) {
	if w.st == nil {
		return
	}
	w.st.openAll()
	for i := range w.st.t.Len() {
		if s := w.st.t.Span(i); s.Depth() >= depth && s.End() > i+1 {
			w.st.folded.Add(i)
		}
	}
	w.rebuild()
}

// Folded returns the spans that are folded, in order.
func (w *Waterfall) Folded() []int {
	var list []int
	if w.st == nil {
		return nil
	}
	for i := 0; i < w.st.t.Len(); i++ {
		switch {
		case w.st.folded[i>>6] == 0:
			i |= 63
		case w.st.folded.Has(i):
			list = append(list, i)
		}
	}
	return list
}

// FoldSpans folds these spans and no others. Those that have nothing beneath them are left out.
func (w *Waterfall) FoldSpans(spans []int) {
	if w.st == nil {
		return
	}
	clear(w.st.folded)
	for _, i := range spans {
		if i >= 0 && i < w.st.t.Len() && w.st.t.End(i) > i+1 {
			w.st.folded.Add(i)
		}
	}
	w.rebuild()
}
