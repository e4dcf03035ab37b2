package shop

import (
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/pmetric"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"

	"tracefall/testdata/gen/scene"
)

// logLine is a resourceLogs document: one record inside the checkout trace, one
// without a trace.
func logLine(spans []sdktrace.ReadOnlySpan) ([]byte, error) {
	logs := plog.NewLogs()
	rl := logs.ResourceLogs().AppendEmpty()
	rl.Resource().Attributes().PutStr("service.name", "payment")
	records := rl.ScopeLogs().AppendEmpty().LogRecords()
	for _, s := range spans {
		if s.Name() != "POST /charges" || s.Status().Code == 0 {
			continue
		}
		r := records.AppendEmpty()
		r.SetTraceID(pcommon.TraceID(s.SpanContext().TraceID()))
		r.SetSpanID(pcommon.SpanID(s.SpanContext().SpanID()))
		r.SetTimestamp(pcommon.NewTimestampFromTime(s.EndTime().Add(-1_000_000)))
		r.SetSeverityNumber(plog.SeverityNumberError)
		r.SetSeverityText("ERROR")
		r.Body().SetStr("acquirer did not answer within 200 ms")
	}
	r := records.AppendEmpty()
	r.SetTimestamp(pcommon.NewTimestampFromTime(scene.Epoch))
	r.SetSeverityText("INFO")
	r.Body().SetStr(`started, listening on {"resource": ":8080"}`)
	return (&plog.JSONMarshaler{}).MarshalLogs(logs)
}

// metricLine is a resourceMetrics document.
func metricLine() ([]byte, error) {
	metrics := pmetric.NewMetrics()
	rm := metrics.ResourceMetrics().AppendEmpty()
	rm.Resource().Attributes().PutStr("service.name", "cart")
	m := rm.ScopeMetrics().AppendEmpty().Metrics().AppendEmpty()
	m.SetName("jvm.memory.used")
	m.SetUnit("By")
	p := m.SetEmptyGauge().DataPoints().AppendEmpty()
	p.SetTimestamp(pcommon.NewTimestampFromTime(scene.Epoch))
	p.SetIntValue(73_400_320)
	return (&pmetric.JSONMarshaler{}).MarshalMetrics(metrics)
}
