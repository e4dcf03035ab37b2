package sources

// isJaeger recognises the answers of Jaeger's query service, and single traces of them.
func isJaeger(o *outline) bool {
	return o.has("traceID", "spans") || o.has("processes", "spans") || !o.array && (o.is("data", '[') || o.is("data", '{'))
}

func (r *reader) jaeger() { r.skip() }
