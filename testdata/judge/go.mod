module tracefall/testdata/judge

go 1.26.0

require github.com/jaegertracing/jaeger-idl v0.11.1
