// Package wire writes recorded spans as the files that people have on disk.
//
//	SDK spans ── the SDK's own OTLP transform ── pdata ─┬─ OTLP JSON, lines, protobuf, records
//	                                                    ├─ the older semantic conventions
//	                                                    ├─ Jaeger JSON, Elasticsearch documents
//	                                                    └─ console exporters of Python and JavaScript
//	SDK spans ── the SDK's own exporters ── Zipkin, stdouttrace
//
// Wherever a real writer is a Go library it is that library that writes: pdata's
// marshalers, protojson, the Zipkin and stdouttrace exporters. The rest follows
// the writers' documented mappings. Output depends on the input alone.
package wire
