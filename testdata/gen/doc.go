// Command gen writes the test data that tracefall is developed against:
// testdata/traces, testdata/demo and testdata/incidents.
//
//	scene (SDK spans) ─┬─ shop ──────── wire ── testdata/traces
//	                   └─ incident ──── wire ── testdata/demo, testdata/incidents
//
// It is a module of its own so that the OpenTelemetry SDK stays out of the
// program's. Output is byte-identical on every run; a test compares it with what
// is committed.
package main
