package draw

import (
	"maps"
	"strings"
	"testing"
)

// TestPair cuts two names so that both stay recognisable, and the one first that is said to be.
func TestPair(t *testing.T) {
	for _, c := range []struct {
		from, to  string
		width     int
		fromFirst bool
		want      [2]string
	}{
		{"edge-gateway", "service-a", 21, true, [2]string{"edge-gateway", "service-a"}},
		{"edge-gateway", "service-a", 18, true, [2]string{"edge…eway", "service-a"}},
		{"edge-gateway", "service-a", 16, true, [2]string{"edge…way", "serv…e-a"}},
		{"checkout-service", "postgres", 18, false, [2]string{"check…vice", "postgres"}},
		{"checkout-service", "postgres.prod.svc", 25, false, [2]string{"checkout-service", "post….svc"}},
		{"a", "postgres.prod.svc", 10, true, [2]string{"a", "post….svc"}},
		{"gateway", "cart", 6, true, [2]string{"g…y", "c…t"}},
		{"gateway", "cart", 2, true, [2]string{"gateway", "cart"}},
	} {
		if from, to := Pair(c.from, c.to, c.width, c.fromFirst); from != c.want[0] || to != c.want[1] {
			t.Errorf("%s → %s in %d cells: %q, %q, want %q", c.from, c.to, c.width, from, to, c.want)
		}
	}
}

// TestWords cuts names at their ends, where a word ends.
func TestWords(t *testing.T) {
	for _, c := range []struct {
		name  string
		width int
		want  string
	}{
		{"GetCart", 7, "GetCart"},
		{"GetCart", 6, "Get…"},
		{"cart GetCart", 10, "cart Get…"},
		{"GET /api/v1/orders/{id}/items", 20, "GET /api/v1/orders…"},
		{"SELECT sessions WHERE token=?", 16, "SELECT sessions…"},
		{"abcdefghijkl", 6, "abcde…"},
		{"äöü ßéñ ab", 8, "äöü ßéñ…"},
		{"ab", 1, "ab"},
		{"hipstershop.CartService/GetCart", 20, "…CartService/GetCart"},
		{"hipstershop.CartService/GetCart", 8, "…GetCart"},
		{"hipstershop.CartService/GetCart", 7, "GetCart"},
		{"hipstershop.CartService/GetCart", 5, "Get…"},
		{"hipstershop.Frontend/Recv.", 6, "…Recv."},
		{"...", 2, "…."},
		{"世界 世界 世界", 8, "世界 世…"},
		{"caf\u00e9 cafe\u0301s", 8, "caf\u00e9…"},
		{"ae\u0301i ou", 5, "ae\u0301i…"},
	} {
		if got := Words(c.name, c.width); got != c.want || c.width > 1 && Width(got) > c.width {
			t.Errorf("%q in %d cells: %q, want %q", c.name, c.width, got, c.want)
		}
	}
}

// TestStems leaves out what names have in common, as long as they can be told apart by the rest.
func TestStems(t *testing.T) {
	for names, want := range map[string]map[string]string{
		"payment-service cart-service api-gateway postgres": {"payment-service": "payment…", "cart-service": "cart…"},
		"user-service user-timeline-service nginx":          {"user-service": "user…", "user-timeline-service": "…timeline…"},
		"shop-demo-cart shop-demo-stock postgres":           {"shop-demo-cart": "…cart", "shop-demo-stock": "…stock"},
		"eu.shop.cart eu.mail.queue":                        {"eu.shop.cart": "…shop.cart", "eu.mail.queue": "…mail.queue"},
		"user-service user-api cart-service cart-api":       {},
		"order-api order-api order-worker":                  {"order-api": "…api", "order-worker": "…worker"},
		"frontend frontend-proxy service1 -service -- . x":  {},
		"payment-service api-gateway":                       {"payment-service": "payment…"},
		"payment-service payment":                           {"payment-service": "payment…"},
		"payment-api payment":                               {},
		"":                                                  {},
	} {
		if got := Stems(strings.Split(names, " ")); !maps.Equal(got, want) {
			t.Errorf("of %s: %v, want %v", names, got, want)
		}
	}
}
