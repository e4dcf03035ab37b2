package decode

import "math"

// EachObject reads a document that is an object, an array of objects, or an array of arrays of them.
func (r *Input) EachObject(read func()) {
	if !r.Array() {
		read()
		return
	}
	for r.Element() {
		r.Tick()
		if !r.Array() {
			read()
			continue
		}
		for r.Element() {
			r.Tick()
			read()
		}
	}
}

// EachAt returns where the elements of the next value stand, or the value itself where it is no list, and skips it.
// null is nothing.
func (r *Input) EachAt() []int {
	if r.Null() {
		return nil
	}
	if !r.Array() {
		off := r.ValueAt()
		r.Skip()
		return []int{off}
	}
	var at []int
	for r.Element() {
		r.Tick()
		at = append(at, r.ValueAt())
	}
	return at
}

// ReadAt reads with the position at off and comes back.
func (r *Input) ReadAt(off int, read func()) {
	if r.Err != nil {
		return
	}
	end := r.Pos
	r.Pos, r.Fresh = off, false
	read()
	if r.Err == nil {
		r.Pos, r.Fresh = end, false
	}
}

// Null skips a null, if that is the next value.
func (r *Input) Null() bool {
	if r.Next() != 'n' {
		return false
	}
	r.Word()
	return true
}

// Misfit skips a value that is not what the field must be.
func (r *Input) Misfit(field, expected string) {
	off := r.ValueAt()
	r.Skip()
	if r.Err == nil {
		r.Bad(field, expected, off)
	}
}

// ValueAt returns the offset of the next value.
func (r *Input) ValueAt() int {
	r.Next()
	return r.Pos
}

// EnterObject opens the object that a field must be.
func (r *Input) EnterObject(field string) bool {
	return r.Object() || r.unfit(field, "an object")
}

// EnterArray opens the array that a field must be.
func (r *Input) EnterArray(field string) bool {
	return r.Array() || r.unfit(field, "an array")
}

// unfit skips what a field must not be; null is no misfit. It returns false.
func (r *Input) unfit(field, expected string) bool {
	if r.Err == nil && !r.Null() {
		r.Misfit(field, expected)
	}
	return false
}

// Tick is called between spans. It looks, now and then, whether reading must stop; if so, the scanner fails.
func (r *Input) Tick() {
	if r.Pos >= r.LookAt {
		r.ask()
	}
}

func (r *Input) ask() {
	if r.Pause == nil {
		r.LookAt = math.MaxInt
		return
	}
	if r.Stop == nil {
		r.LookAt = r.Pos + tickBytes
		r.Stop = r.Pause()
	}
	if r.Stop != nil {
		r.Fail("no interruption")
	}
}

// tickBytes is how much is read between two looks at cancellation and progress: well under a millisecond.
const tickBytes = 128 << 10
