package patterns_test

import (
	"testing"

	"tracefall/diagnose/factstest"
	"tracefall/diagnose/patterns"
	"tracefall/sources/tracetest"
)

func TestFeeds(t *testing.T) {
	f := factstest.Of(tracetest.Set(t, `
web "GET /home" 0ms +640ms kind=server url.path=/home/c-1234
  web GET 8ms +200ms kind=client http.request.method=GET url.full=http://sessions:8080/session server.port=8080
    sessions "GET /session" 9ms +190ms kind=server app.user_id=u-77aa31 customer=c-1234 tenant=55001
  web GET 210ms +200ms kind=client http.request.method=GET url.full=http://profile:8080/users/u-77aa31 server.port=8080
    profile "GET /users/{id}" 211ms +190ms kind=server app.user=u-77aa31
  web GET 410ms +100ms kind=client http.request.method=GET url.full=http://carts:8080/carts/c-1234 server.port=8080
  web SELECT 510ms +100ms kind=client db.system=postgresql db.statement="SELECT * FROM plans WHERE tenant = 55001"
  web GET 610ms +20ms kind=client http.request.method=GET url.full=http://mails:8080/mails/u-77aa31
`))[0]
	known := patterns.Known(f, 0)
	for _, c := range []struct {
		name string
		b    int
		want bool
	}{
		{"a user id in the next URL", 3, true},
		{"an id that the request brought along, and a port", 5, false},
		{"a tenant in a statement", 6, true},
	} {
		if got := patterns.Feeds(f, 1, c.b, known); got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
	if patterns.Feeds(f, 3, 6, known) {
		t.Error("the profile fed the plans")
	}
	if patterns.Feeds(f, 3, 7, known) {
		t.Error("the profile was asked for the user that it told of, and fed the mails")
	}
}
