package draw

import (
	"strings"
	"testing"
)

func TestShorten(t *testing.T) {
	for _, test := range []struct {
		text  string
		width int
		want  string
	}{
		{"N+1 ×50", 7, "N+1 ×50"},
		{"payment-service fails on payment-service-5d9c7b6f4-x2x9p", 40, "payment-service fails on payment…4-x2x9p"},
		{"payment-service fails on payment-service-5d9c7b6f4-x2x9p", 24, "pay…ice fails on pay…x9p"},
		{"payment-service fails on payment-service-5d9c7b6f4-x2x9p", 20, "payment-se…6f4-x2x9p"},
		{"gaps ×12 of 4.2 s before inventory", 33, "gaps ×12 of 4.2 s before inve…ory"},
		{"a b c d e f g", 7, "a b…f g"},
		{"cart /shop.v1.CartService/GetCart", 32, "cart …CartService/GetCart"},
		{"cart /shop.v1.CartService/GetCart", 23, "cart …CartServ…/GetCart"},
		{"assets /static/v1.css/app/main", 24, "assets /static/…app/main"},
		{"世界世界世界世界 ×50", 13, "世界…世界 ×50"},
	} {
		got := Shorten(test.text, test.width)
		if got != test.want || Width(got) > test.width {
			t.Errorf("%q in %d cells is %q, want %q", test.text, test.width, got, test.want)
		}
	}
	long := strings.Repeat("x", 1e6) + " ×50"
	if got := Shorten(long, 20); !strings.HasSuffix(got, "x ×50") || Width(got) > 20 {
		t.Errorf("a million letters are %q", got)
	}
}
