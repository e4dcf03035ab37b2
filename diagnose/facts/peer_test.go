package facts

import (
	"testing"

	"tracefall/sources/tracetest"
)

func TestPublicHost(t *testing.T) {
	for host, want := range map[string]bool{
		"api.sendgrid.com": true, "vision.googleapis.com": true, "xn--bcher-kva.example": true, "8.8.8.8": true, "2606:4700::1111": true,
		"s3.eu-west-1.amazonaws.com": true, "payments": false, "reports.prod.svc.cluster.local": false, "reports.prod.svc": false,
		"reports.svc.prod.example": false, "payment.prod": false, "db.internal": false, "printer.lan": false, "10.1.2.3": false, "127.0.0.1": false,
		"fd00::1": false, "::1": false, "192.168.1.4": false, "internal-lb-17.eu-west-1.elb.amazonaws.com": false, "": false, ".": false, "x.": false, "a.1": false,
	} {
		if got := publicHost(host); got != want {
			t.Errorf("publicHost(%q) = %v", host, got)
		}
	}
}

func TestPeerAddress(t *testing.T) {
	f := allFacts(tracetest.Set(t, `
api root 0ms +100ms
  api a 0ms +1ms kind=client url.full=https://user:pw@API.Example.org:8443/x?y=1
  api b 0ms +1ms kind=client server.address=Vision.GoogleAPIs.com. server.port=443
  api c 0ms +1ms kind=client http.url=http://[2001:db8::1]:80/x
  api d 0ms +1ms kind=client net.peer.name=10.0.0.1:80
  api e 0ms +1ms kind=client url.full=/only/a/path
`))[0]
	var c Canonical
	for i, want := range []string{"", "api.example.org", "vision.googleapis.com", "2001:db8::1", "10.0.0.1", ""} {
		f.Canonical(i, &c)
		if got := PeerAddress(&c); got != want {
			t.Errorf("span %d: %q, want %q", i, got, want)
		}
	}
}

func TestExternal(t *testing.T) {
	f := allFacts(tracetest.Set(t, `
api root 0ms +100ms
  Payment_Service GET 0ms +1ms kind=server
`))[0]
	for host, want := range map[string]bool{"api.sendgrid.com": true, "payment-service.shop.example": false, "api.shop.example": true, "payment": false} {
		if got := f.External(host); got != want {
			t.Errorf("External(%q) = %v", host, got)
		}
	}
}

func TestStreams(t *testing.T) {
	f := allFacts(tracetest.Set(t, `
api root 0ms +100ms
  api GET 0ms +9s kind=client http.request.method=GET url.full=https://x.example/prices http.response.header.content-type="text/event-stream"
  api GET 0ms +9s kind=client http.request.method=GET url.full=https://x.example/prices http.response.status_code=101
  api GET 0ms +9s kind=client http.request.method=GET url.full=https://x.example/v1/jobs/poll?wait=30s
  api GET 0ms +9s kind=client http.request.method=GET url.full=https://x.example/v1/pods?watch=true
  api GET 0ms +9s kind=client http.request.method=GET url.full=https://x.example/file http.response.body.size=2000000
  api a.B/C 0ms +9s kind=client rpc.system=grpc rpc.grpc.type=server_streaming
  api a.B/C 0ms +9s kind=client rpc.system=grpc
    event message 1s message.type=SENT
    event message 2s message.type=RECEIVED
    event message 3s message.type=RECEIVED
  api GET 0ms +9s kind=client http.request.method=GET url.full=https://stream.example.org/v1/jobs
  api GET 0ms +9s kind=client http.request.method=GET url.full=https://x.example/upstreams/7
  api a.B/C 0ms +9s kind=client rpc.system=grpc rpc.grpc.type=unary
    event message 1s message.type=SENT
    event message 2s message.type=RECEIVED
`))[0]
	for i := 1; i < f.Trace.Len(); i++ {
		if got, want := f.Streams(i), i <= 7; got != want {
			t.Errorf("span %d (%s): %v", i, f.Op(i).Label(), got)
		}
	}
}
