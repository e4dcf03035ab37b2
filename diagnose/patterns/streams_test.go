package patterns_test

import (
	"testing"

	"tracefall/diagnose/factstest"
	"tracefall/diagnose/patterns"
	"tracefall/sources/tracetest"
)

func TestStreams(t *testing.T) {
	f := factstest.Of(tracetest.Set(t, `
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
		if got, want := patterns.Streams(f, i), i <= 7; got != want {
			t.Errorf("span %d (%s): %v", i, f.Op(i).Label(), got)
		}
	}
}
