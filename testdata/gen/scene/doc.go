// Package scene stages traces: services with resources, hosts and clocks of
// their own, whose spans the real OpenTelemetry SDK records at times the story
// chooses.
//
//	World ── Service (one TracerProvider, one Resource) ── Root ── Span … ── World.Spans
//
// Times are milliseconds from the start of a trace, because that is how an
// incident is told. Identifiers come from a seeded generator, so a world built
// twice gives the same bytes twice.
//
// What a span means (HTTP, SQL, RPC, messaging attributes) belongs here, in the
// stable semantic conventions. How spans are written to files belongs in wire.
package scene
