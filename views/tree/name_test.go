package tree

import (
	"strings"
	"testing"

	"tracefall/views/draw"
)

// TestNamesAreCutWhereTheySayLeast draws names into less and less room.
func TestNamesAreCutWhereTheySayLeast(t *testing.T) {
	for _, test := range []struct {
		name Name
		room int
		want string
	}{
		{Name{Service: "payment-service", Stem: "payment…", Operation: "POST /charge"}, 28, "payment-service POST /charge"},
		{Name{Service: "payment-service", Stem: "payment…", Operation: "POST /charge"}, 27, "payment… POST /charge"},
		{Name{Service: "payment-service", Stem: "payment…", Operation: "POST /charge"}, 16, "payment… POST /…"},
		{Name{Service: "checkout-service", Stem: "checkout…", Operation: "POST /checkout"}, 18, "checkout… POST /c…"},
		{Name{Service: "checkout-service", Stem: "checkout…", Operation: "POST /checkout"}, 17, "checkou… POST /c…"},
		{Name{Service: "url-shorten-service", Stem: "url-shorten…", Operation: "compose_urls_server"}, 27, "url-shorten… compose…server"},
		{Name{Service: "url-shorten-service", Stem: "url-shorten…", Operation: "compose_urls_server"}, 26, "url-shorten… compos…server"},
		{Name{Service: "payment-service", Operation: "POST /charge"}, 21, "payment… POST /charge"},
		{Name{Operation: "/shop.v1.CartService/GetCart"}, 28, "/shop.v1.CartService/GetCart"},
		{Name{Operation: "/shop.v1.CartService/GetCart"}, 27, "CartService/GetCart"},
		{Name{Operation: "shop.v1.CartService/GetCart"}, 15, "CartSer…GetCart"},
		{Name{Operation: "/v1.2/items"}, 10, "/v1.2…tems"},
		{Name{Operation: "/static/v1.css/app/main"}, 12, "/stati…/main"},
		{Name{Operation: "PricingController.getPrice"}, 15, "Pricing…etPrice"},
	} {
		test.name.Brief = draw.WithoutPackage(test.name.Operation)
		grid := draw.NewGrid(40, 1)
		test.name.Draw(grid.All(), 0, test.room)
		if got := strings.TrimRight(grid.Plain(), " "); got != test.want {
			t.Errorf("%v in %d cells: %q, want %q", test.name, test.room, got, test.want)
		}
	}
}

// TestCalled: a name in one text is cut as one in two; what begins otherwise than with the service has none.
func TestCalled(t *testing.T) {
	stems := map[string]string{"payment-service": "payment…"}
	for _, test := range []struct {
		text, service string
		room          int
		want          string
	}{
		{"payment-service POST /charge", "payment-service", 28, "payment-service POST /charge"},
		{"payment-service POST /charge", "payment-service", 24, "payment… POST /charge"},
		{"not executed", "payment-service", 24, "not executed"},
		{"/shop.v1.Cart/Get", "", 12, "Cart/Get"},
	} {
		name, grid := Called(test.text, test.service, stems, draw.Ink{}), draw.NewGrid(40, 1)
		name.Draw(grid.All(), 0, test.room)
		if got := strings.TrimRight(grid.Plain(), " "); got != test.want {
			t.Errorf("%q of %q in %d cells: %q, want %q", test.text, test.service, test.room, got, test.want)
		}
	}
}
