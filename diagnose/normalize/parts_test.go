package normalize

import "testing"

func TestName(t *testing.T) {
	for name, want := range map[string]string{
		"getComments (post_id=17)":                  "getComments (post_id={int})",
		"Attempt 2":                                 "Attempt {int}",
		"GET /users/123/orders/9f86d081884c7d65":    "GET /users/{int}/orders/{hex}",
		"GET /v1/users":                             "GET /v1/users",
		"oauth2.token":                              "oauth2.token",
		"s3.PutObject":                              "s3.PutObject",
		"process order ord-93817":                   "process order {id}",
		"hipstershop.Cart/GetCart":                  "hipstershop.Cart/GetCart",
		"poll 4bf92f35-77b3-4da6-a3ce-929d0e0e4736": "poll {uuid}",
		"":              "",
		"batch.42.done": "batch.{int}.done",
	} {
		if got := Name(name); got != want {
			t.Errorf("Name(%q) = %q, want %q", name, got, want)
		}
	}
}

func TestKeyAndCommand(t *testing.T) {
	for key, want := range map[string]string{
		"user:42:likes":                                   "user:{int}:likes",
		"session|a1b2c3d4e5f6a7b8":                        "session|{hex}",
		"cart/4bf92f35-77b3-4da6-a3ce-929d0e0e4736/items": "cart/{uuid}/items",
		"cart:fc92c274":                                   "cart:{hex}",
		"cart:deadbeef":                                   "cart:deadbeef",
		"plain":                                           "plain",
		"rate_limit_17":                                   "rate_limit_{int}",
	} {
		if got := Key(key); got != want {
			t.Errorf("Key(%q) = %q, want %q", key, got, want)
		}
	}
	for text, want := range map[string]string{
		"get user:42:profile": "GET user:{int}:profile", "MGET user:1 user:2": "MGET user:{int}", "PING": "PING", "": "",
		"GET cart:{42}:items": "GET cart:{{int}}:items",
		"AUTH hunter22":       "AUTH ?", "GET user:1\nGET user:2\n": "PIPELINE GET user:{int}", "GET user:1\n": "GET user:{int}",
	} {
		if got := Command(text); got != want {
			t.Errorf("Command(%q) = %q, want %q", text, got, want)
		}
	}
}

func TestParseURL(t *testing.T) {
	for text, want := range map[string]string{
		"/users/123":                                  "/users/{int}",
		"/list;jsessionid=0A1B2C3D4E5F6071/7":         "/list/{int}",
		"/users/123/orders/9f86d081884c7d65":          "/users/{int}/orders/{hex}",
		"/v1/users":                                   "/v1/users",
		"/files/report2024.pdf":                       "/files/report2024.pdf",
		"https://API.example.com:443/a?b=1&a=2#top":   "api.example.com /a?a=*&b=*",
		"http://10.0.0.7:8080/x":                      "/x",
		"http://user:pw@shop.local:8080/x/2026-03-02": "shop.local:8080 /x/{date}",
		"/mail/bob@example.org":                       "/mail/{email}",
		"https://example.com":                         "example.com /",
		"/t/[Filtered]/x":                             "/t/{redacted}/x",
	} {
		u := ParseURL(text)
		got := u.Template()
		if u.Host != "" {
			got = u.Host + " " + got
		}
		if got != want {
			t.Errorf("parseURL(%q) = %q, want %q", text, got, want)
		}
	}
	if ParseURL("/users/1").Params == ParseURL("/users/2").Params {
		t.Error("two users have one parameter hash")
	}
	if !ParseURL("/t/[Filtered]").Redacted {
		t.Error("a masked segment is not marked")
	}
}

func TestDocumentKeys(t *testing.T) {
	for text, want := range map[string]string{
		`{"find":"users","filter":{"_id":"a-1"}}`:                "{find: ?, filter: {_id: ?}}",
		`{"find":"users","filter":{"_id":{"$in":[1,2,3]}}}`:      "{find: ?, filter: {_id: {$in: [?]}}}",
		`{"find":"users","filter":{"_id":{"$in":["a"]}},"n":1e3`: "{find: ?, filter: {_id: {$in: [?]}}, n: ?",
	} {
		if got := Document(text); got != want {
			t.Errorf("documentKeys(%s) = %s, want %s", text, got, want)
		}
	}
}

func TestULIDsHaveDigits(t *testing.T) {
	for text, want := range map[string]bool{
		"01ARZ3NDEKTSV4RRFFQ69G5FAV": true,
		"7BCDEFGHJKMNPQRSTVWXYZABCD": false, // one digit: a word of capitals
		"81ARZ3NDEKTSV4RRFFQ69G5FAV": false, // beyond the year 10889
		"01ARZ3NDEKTSV4RRFFQ69G5FAI": false, // I is left out of the alphabet
		"01arz3ndektsv4rrffq69g5fav": false,
	} {
		if got := isULID(text); got != want {
			t.Errorf("%s is a ULID: %v, want %v", text, got, want)
		}
	}
}
