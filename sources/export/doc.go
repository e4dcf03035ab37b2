// Package export writes traces as OTLP JSON and as Jaeger JSON.
package export
