package sources

import "math"

// eachObject reads a document that is an object, an array of objects, or an array of arrays of them.
func (r *jsonInput) eachObject(read func()) {
	if !r.array() {
		read()
		return
	}
	for r.element() {
		r.tick()
		if !r.array() {
			read()
			continue
		}
		for r.element() {
			r.tick()
			read()
		}
	}
}

// eachAt returns where the elements of the next value stand, or the value itself where it is no list, and skips it.
// null is nothing.
func (r *jsonInput) eachAt() []int {
	if r.null() {
		return nil
	}
	if !r.array() {
		off := r.valueAt()
		r.skip()
		return []int{off}
	}
	var at []int
	for r.element() {
		r.tick()
		at = append(at, r.valueAt())
		r.skip()
	}
	return at
}

// readAt reads with the position at off and comes back.
func (r *jsonInput) readAt(off int, read func()) {
	if r.err != nil {
		return
	}
	end := r.pos
	r.pos, r.fresh = off, false
	read()
	if r.err == nil {
		r.pos, r.fresh = end, false
	}
}

// null skips a null, if that is the next value.
func (r *jsonInput) null() bool {
	if r.next() != 'n' {
		return false
	}
	r.word()
	return true
}

// misfit skips a value that is not what the field must be.
func (r *jsonInput) misfit(field, expected string) {
	off := r.valueAt()
	r.skip()
	if r.err == nil {
		r.bad(field, expected, off)
	}
}

// valueAt returns the offset of the next value.
func (r *jsonInput) valueAt() int {
	r.next()
	return r.pos
}

// enterObject opens the object that a field must be.
func (r *jsonInput) enterObject(field string) bool {
	if r.object() {
		return true
	}
	if r.err == nil && !r.null() {
		r.misfit(field, "an object")
	}
	return false
}

// enterArray opens the array that a field must be.
func (r *jsonInput) enterArray(field string) bool {
	if r.array() {
		return true
	}
	if r.err == nil && !r.null() {
		r.misfit(field, "an array")
	}
	return false
}

// tick is called between spans. It looks, now and then, whether reading must stop; if so, the scanner fails.
func (r *jsonInput) tick() {
	if r.pos >= r.lookAt {
		r.ask()
	}
}

func (r *jsonInput) ask() {
	if r.pause == nil {
		r.lookAt = math.MaxInt
		return
	}
	if r.stop == nil {
		r.lookAt = r.pos + tickBytes
		r.stop = r.pause()
	}
	if r.stop != nil {
		r.fail("no interruption")
	}
}

// tickBytes is how much is read between two looks at cancellation and progress: well under a millisecond.
const tickBytes = 128 << 10
