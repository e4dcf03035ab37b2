package normalize

import "testing"

// TestRestOfSeveralSorts: where some values of a place became ids and others variables, those beyond what is remembered become
// the same each time.
func TestRestOfSeveralSorts(t *testing.T) {
	p := &position{rename: map[string]string{"/a": "/{var}", "/b": "/{id}", "/c": "/{var}", "/d": "/{var}"}}
	for range 100 {
		if got := p.rest(); got != "{id}" {
			t.Fatalf("they become %s", got)
		}
	}
}

// TestEndsAreLookedForOnce: a statement that opens again and again what it never closes is not searched to its end each time.
func TestEndsAreLookedForOnce(t *testing.T) {
	s := sqlScanner{in: "SELECT [a b], %(x)s FROM [c WHERE d = %(e"}
	for s.token() {
	}
	if !s.open[endBracket] || !s.open[endFormat] {
		t.Errorf("ends that are not there: %v", s.open)
	}
	if got, want := sqlJoin(s.out), "SELECT [a b], ? FROM [ c WHERE d = %(e"; got != want {
		t.Errorf("tokens %q, want %q", got, want)
	}
	if n := s.closing("]", endBracket); n != -1 {
		t.Errorf("it looked again and found one at %d", n)
	}
}
