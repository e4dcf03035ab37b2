package facts_test

import (
	"testing"

	"tracefall/diagnose/factstest"
	"tracefall/sources/tracetest"
)

func TestExternal(t *testing.T) {
	f := factstest.Of(tracetest.Set(t, `
api root 0ms +100ms
  Payment_Service GET 0ms +1ms kind=server
`))[0]
	for host, want := range map[string]bool{"api.sendgrid.com": true, "payment-service.shop.example": false, "api.shop.example": true, "payment": false} {
		if got := f.External(host); got != want {
			t.Errorf("External(%q) = %v", host, got)
		}
	}
}

func TestKeysOfACacheAreOneOperation(t *testing.T) {
	f := factstest.Of(tracetest.Set(t, `
trace 1
api "GET /a" 0ms +90ms kind=server http.route=/a
  api GET 1ms +1ms kind=client db.system=redis db.statement="GET product:OLJCESPC7Z"
  api GET 3ms +1ms kind=client db.system=redis db.statement="get product:1234567890"
  api GET 5ms +1ms kind=client db.system=redis db.statement="GET product:LQWXPOTRES"
  api GET 7ms +1ms kind=client db.system=redis db.statement="GET product:list"
trace 2
api "GET /a" 0ms +90ms kind=server http.route=/a
  api GET 1ms +1ms kind=client db.system=redis db.statement="GET product:66VCHSJNUP"
  api SET 3ms +1ms kind=client db.system=redis db.statement="SET product:9SIQT8TOJO x"
`))
	for n, want := range [][]string{{"GET product:{id}", "GET product:{id}", "GET product:{id}", "GET product:list"}, {"GET product:{id}", "SET product:{id}"}} {
		for i, label := range want {
			if got := f[n].Op(i + 1).Label(); got != label {
				t.Errorf("call %d of trace %d: %s, want %s", i+1, n+1, got, label)
			}
		}
	}
	if f[0].Params(1) == f[0].Params(2) || f[0].Params(3) == 0 {
		t.Error("the values of keys are not told apart")
	}
}

// TestServiceLabel: the first label of a host may be a service of ours; the first number of an address is none.
func TestServiceLabel(t *testing.T) {
	f := factstest.One(t, "payment GET 0ms +1ms kind=server")
	for host, want := range map[string]string{"payment.prod.svc.cluster.local": "payment", "api.sendgrid.com": "", "10.2.9.9": "", "fe80::1": ""} {
		if got := f.ServiceLabel(host); got != want {
			t.Errorf("ServiceLabel(%q) = %q, want %q", host, got, want)
		}
	}
}
