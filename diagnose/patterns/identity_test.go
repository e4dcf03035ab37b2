package patterns_test

import (
	"testing"

	"tracefall/diagnose/factstest"
	"tracefall/diagnose/patterns"
	"tracefall/sources/tracetest"
)

func TestIdentity(t *testing.T) {
	for _, c := range []struct {
		name, a, b string
		same, ok   bool
	}{
		{"same URL", `http.request.method=GET url.full=http://c/v1/flags`, `http.request.method=GET url.full=http://c/v1/flags`, true, true},
		{"names that no rule takes for ids, behind one route", `http.request.method=GET http.route=/u/{n} url.full=http://c/u/ada`, `http.request.method=GET http.route=/u/{n} url.full=http://c/u/bob`, false, true},
		{"a route hides them", `http.request.method=GET http.route=/u/{n}`, `http.request.method=GET http.route=/u/{n}`, true, false},
		{"same statement", `db.system=postgresql db.statement="SELECT a FROM b WHERE c = 7"`, `db.system=postgresql db.statement="SELECT a FROM b WHERE c = 7"`, true, true},
		{"other literal", `db.system=postgresql db.statement="SELECT a FROM b WHERE c = 7"`, `db.system=postgresql db.statement="SELECT a FROM b WHERE c = 8"`, false, true},
		{"without values", `db.system=postgresql db.statement="SELECT a FROM b"`, `db.system=postgresql db.statement="SELECT a FROM b"`, true, true},
		{"placeholder", `db.system=postgresql db.statement="SELECT a FROM b WHERE c = ?"`, `db.system=postgresql db.statement="SELECT a FROM b WHERE c = ?"`, true, false},
		{"cut off", `db.system=postgresql db.statement="SELECT a FROM b WHERE c = 7 AND ..."`, `db.system=postgresql db.statement="SELECT a FROM b WHERE c = 7 AND ..."`, true, false},
		{"cache, second argument", `db.system=redis db.statement="HGET user:1 name"`, `db.system=redis db.statement="HGET user:1 mail"`, false, true},
		{"masked cache key", `db.system=redis db.statement="GET ?"`, `db.system=redis db.statement="GET ?"`, true, false},
		{"RPC arguments are not recorded", `rpc.system=grpc rpc.method=a.B/Get`, `rpc.system=grpc rpc.method=a.B/Get`, true, false},
	} {
		f := factstest.Of(tracetest.Set(t, "api root 0ms +9ms\n  api x 0ms +1ms kind=client "+c.a+"\n  api x 2ms +1ms kind=client "+c.b))[0]
		a, ok := patterns.Identity(f, 1)
		b, ok2 := patterns.Identity(f, 2)
		if ok != c.ok || ok2 != c.ok || ok && (a == b) != c.same {
			t.Errorf("%s: %x %v, %x %v", c.name, a, ok, b, ok2)
		}
	}
}
