package secrets

// search looks for the secrets of one value.
type search struct {
	key   string
	v     string
	found []Part
	held  []piece // literals of a statement that hold assignments of their own
	// statement is set where the value is SQL: a bare word behind "=" is a column there, and not a value.
	statement bool
	// layer is how often the text was unescaped.
	layer int
}

// add notes a secret.
func (s *search) add(kind Kind, from, to int, sure bool) {
	if from < to {
		s.found = append(s.found, Part{kind, from, to, sure})
	}
}

// leastSecret is how many bytes a secret has at least.
const leastSecret = 3

// password notes what stands where only a password can.
func (s *search) password(from, to int) {
	if to-from >= leastSecret && !maskedAlready(s.v[from:to]) {
		s.add(Password, from, to, true)
	}
}
