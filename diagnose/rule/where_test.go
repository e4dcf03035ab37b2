package rule_test

import (
	"testing"

	"tracefall/diagnose/factstest"
	"tracefall/diagnose/rule"
)

// TestWhere names the service that answers a call, by its span or by the peer's name, and the caller's where it asks a store.
func TestWhere(t *testing.T) {
	f := factstest.One(t, `
shop "POST /checkout" 0ms +90ms kind=server http.request.method=POST http.route=/checkout
  shop POST 10ms +20ms kind=client http.request.method=POST url.full="http://pay:8080/charge"
    payment "POST /charge" 12ms +10ms kind=server http.request.method=POST http.route=/charge
  shop GET 40ms +10ms kind=client http.request.method=GET url.full="http://stock.prod.svc.cluster.local:8080/items"
  shop GET 60ms +10ms kind=client http.request.method=GET url.full="https://api.example.com/v1/fx"
  shop SELECT 80ms +5ms kind=client db.system.name=postgresql db.query.text="SELECT a FROM b"
  shop "grpc.demo.Stock/Get" 86ms +1ms kind=client rpc.system=grpc rpc.service=demo.Stock rpc.method=Get
  shop "grpc.demo.Fees/Get" 87ms +1ms kind=client rpc.system=grpc rpc.service=demo.Fees rpc.method=Get server.address=PAYMENT server.port=3550
`)
	for n, want := range []string{"shop POST /checkout", "payment POST /charge", "payment POST /charge", "stock GET /items", "api.example.com GET /v1/fx", "shop SELECT a FROM b",
		"shop demo.Stock/Get", "payment demo.Fees/Get"} {
		if got := rule.Where(f, f.Trace.First()+n); got != want {
			t.Errorf("span %d is at %q, want %q", n, got, want)
		}
	}
}
