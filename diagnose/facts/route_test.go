package facts

import "testing"

func TestRouteCovers(t *testing.T) {
	for _, tt := range []struct {
		route, path string
		want        bool
	}{
		{"/api/payment", "/api/payment?method=*", true},
		{"/users/:id", "/users/{int}", true},
		{"/users/{id}/orders", "/users/abc/orders", true},
		{"/files/*", "/files/a/b/c", true},
		{"/users/:id", "/users", false},
		{"/users", "/users/{int}", false},
		{"/users/:id", "/orders/{int}", false},
		{"/", "/", true},
	} {
		if got := routeCovers(tt.route, tt.path); got != tt.want {
			t.Errorf("routeCovers(%q, %q) = %v, want %v", tt.route, tt.path, got, tt.want)
		}
	}
}
