package decode

// The functions of this file go into what a field must be:
//
//	for key, ok := r.KeyIn("status"); ok; key, ok = r.Key() {
//		switch string(key) {
//		case "code":
//			… r.StatusOf("status.code")
//		}
//	}
//
// The scanner skips a value of which nothing is read, so a reader names only the keys that it knows.

// KeyIn enters the object that a field must be and reads its first key.
func (r *Input) KeyIn(field string) ([]byte, bool) {
	if !r.EnterObject(field) {
		return nil, false
	}
	return r.Key()
}

// ItemsOf enters the array that a field must be and yields once for each element.
func (r *Input) ItemsOf(field string) func(yield func() bool) {
	return func(yield func() bool) {
		if r.EnterArray(field) {
			for r.Element() && yield() {
			}
		}
	}
}

// ObjectsOf enters the array that a field must be and yields within each element that is the object it must be.
func (r *Input) ObjectsOf(field string) func(yield func() bool) {
	return func(yield func() bool) {
		for ok := r.EnterArray(field); ok && r.Element(); {
			ok = !r.EnterObject(field) || yield()
		}
	}
}
