package patterns_test

import (
	"strings"
	"testing"

	"tracefall/diagnose/factstest"
	"tracefall/diagnose/patterns"
)

func TestWrites(t *testing.T) {
	const sql = "api q 0ms +1ms kind=client db.system.name=postgresql db.query.text="
	tests := []struct {
		line              string
		writes, repeating bool
	}{
		{sql + `"INSERT INTO orders VALUES (1)"`, true, false},
		{sql + `"INSERT INTO orders VALUES (1) ON CONFLICT DO NOTHING"`, true, true},
		{sql + `"UPDATE orders SET a = 1"`, true, false},
		{sql + `"SELECT 1 FROM orders"`, false, false},
		{sql + `"INSERT INTO audit_log VALUES (1)"`, false, false},
		{sql + `"INSERT INTO orders VALUES (1)" error=no`, false, false},
		{`api "orders send" 0ms +1ms kind=producer messaging.system=kafka messaging.destination.name=orders`, true, false},
		{`api SET 0ms +1ms kind=client db.system.name=redis db.query.text="SET a 1"`, false, false},
		{`api POST 0ms +1ms kind=client http.request.method=POST url.full="http://pay/charges"`, true, false},
		{`api PUT 0ms +1ms kind=client http.request.method=PUT url.full="http://pay/charges/1"`, true, true},
		{`api GET 0ms +1ms kind=client http.request.method=GET url.full="http://pay/charges"`, false, false},
		{`api POST 0ms +1ms kind=server http.request.method=POST http.route="/charges"`, false, false},
	}
	for _, test := range tests {
		f := factstest.One(t, test.line)
		if got, again := patterns.Writes(f, 0), patterns.Repeatable(f, 0); got != test.writes || again != test.repeating {
			t.Errorf("%s: writes %v, repeatable %v", test.line, got, again)
		}
	}
}

func TestRolledBack(t *testing.T) {
	f := factstest.One(t, `
		api root 0ms +1s
		  api BEGIN 1ms +1ms db.system.name=postgresql
		  api INSERT 2ms +1ms db.system.name=postgresql db.query.text="INSERT INTO a VALUES (1)"
		  api COMMIT 3ms +1ms db.system.name=postgresql
		  api INSERT 4ms +3ms db.system.name=postgresql db.query.text="INSERT INTO b VALUES (1)"
		    api inner 5ms +1ms
		  api ROLLBACK 8ms +1ms db.system.name=postgresql
		  api INSERT 9ms +1ms db.system.name=postgresql db.query.text="INSERT INTO c VALUES (1)"`)
	var got strings.Builder
	for _, undone := range patterns.RolledBack(f) {
		got.WriteByte(map[bool]byte{true: 'x', false: '.'}[undone])
	}
	if got.String() != "....xx.." {
		t.Errorf("got %s", got.String())
	}
	if patterns.RolledBack(factstest.One(t, "a b 0ms +1ms")) != nil {
		t.Error("rolled back without a transaction")
	}
}
