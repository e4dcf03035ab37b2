package normalize

import "testing"

// TestBoundsOfIDs has texts on both sides of what makes an id.
func TestBoundsOfIDs(t *testing.T) {
	for text, want := range map[string]bool{"7BCDEFGHJKMNPQRSTVWXYZA12D": true, "7BCDEFGHJKMNPQRSTVWXYZAB2D": false} {
		if got := isULID(text); got != want {
			t.Errorf("%s is a ULID: %v, want %v", text, got, want)
		}
	}
	for text, want := range map[string]bool{"9s6XKzkNRiz8i3qLwEo2": true, "aAbB12aAbB12aAbB12aAbB12": false} {
		if got := isBase64ID(text); got != want {
			t.Errorf("%s is base 64: %v, want %v", text, got, want)
		}
	}
}
