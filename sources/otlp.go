package sources

// isOTLP recognises OTLP JSON and its wrappers.
func isOTLP(o *outline) bool {
	if o.array {
		return o.has("resourceSpans") || o.has("resource_spans") || o.has("batches") || o.has("result")
	}
	for _, key := range o.keys {
		switch key {
		case "resourceSpans", "resource_spans", "batches", "result", "resourceLogs", "resource_logs",
			"resourceMetrics", "resource_metrics":
			return true
		}
	}
	return o.is("trace", '{')
}

func (r *reader) otlp() { r.skip() }
