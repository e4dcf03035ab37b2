package decode

// Repeats remembers the last few different values of a field that repeats byte by byte, such as the resource of
// each line of a file: comparing bytes is much cheaper than reading them.
type Repeats struct {
	known [][]byte
	as    []uint32
	after []int // which value came after this one the last time
	last  int
}

// repeatsMost is how many values are remembered: more services than that write to one file seldom.
const repeatsMost = 64

// find returns the number of the value that data begins with, and its length. The values are whole JSON values
// that end in a bracket, so that a prefix of the data is the value itself.
func (r *Repeats) find(data []byte) (number uint32, size int, ok bool) {
	if len(r.known) == 0 {
		return 0, 0, false
	}
	guess := r.after[r.last]
	if !Begins(data, r.known[guess]) {
		guess = -1
		for i, value := range r.known {
			if Begins(data, value) {
				guess = i
				break
			}
		}
		if guess < 0 {
			return 0, 0, false
		}
		r.after[r.last] = guess
	}
	r.last = guess
	return r.as[guess], len(r.known[guess]), true
}

// Begins reports whether data begins with value. It looks at the end of the value first: what differs mostly
// differs there.
func Begins(data, value []byte) bool {
	n := len(value)
	return len(data) >= n && string(data[n-min(n, 8):n]) == string(value[n-min(n, 8):]) && string(data[:n]) == string(value)
}

// keep remembers a value that was read. Scalars are not kept: more of them could follow.
func (r *Repeats) keep(value []byte, number uint32) {
	if len(value) < 2 || value[len(value)-1] != '}' {
		return
	}
	slot := len(r.known)
	if slot < repeatsMost {
		r.known, r.as, r.after = append(r.known, value), append(r.as, number), append(r.after, 0)
	} else {
		slot = (r.last + 1) % repeatsMost
		r.known[slot], r.as[slot], r.after[slot] = value, number, 0
	}
	r.after[r.last] = slot
	r.last = slot
}

// Number returns the number of the value that comes next: as it is known, or as read says, which reads it.
func (r *Repeats) Number(in *Reader, read func() uint32) uint32 {
	off := in.ValueAt()
	if n, size, ok := r.find(in.Data[off:]); ok {
		in.Pos += size
		return n
	}
	n := read()
	if in.Err == nil {
		r.keep(in.Data[off:in.Pos], n)
	}
	return n
}
