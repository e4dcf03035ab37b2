package flat

import (
	"slices"
	"strings"
)

// dialect is a kind of records with a name: spans of one product, with what cannot be told from its keys alone, or
// something that is no list of spans at all.
type dialect struct {
	name  string // with an article, as a refusal says it
	needs string // paths that must be there, separated by blanks; a|b is one of them, a[] is an array

	// of what can be read
	more  map[Field][]string // paths that mean a field here, best first
	units map[string]Unit    // of paths that do not say it
	hints map[string]string  // words of the KindHint and the kinds that they stand for

	rename map[string]string // attributes that are called otherwise

	decimal bool // ids are decimal numbers of 64 bits
	atDots  bool // a dot in an attribute's key is written @

	// of what cannot
	foreign bool   // its records lack what a span has
	columns bool   // which may be in it in columns
	refused bool   // nothing is read, even where the keys would do
	advice  string // what to do
}

// dialects lists what is known by name, the more special first.
var dialects = []dialect{
	{name: "Chrome trace events", needs: "ph pid ts|name|args", foreign: true, advice: "open them in Perfetto"},
	{name: "a Sentry event", needs: "event_id contexts|exception|breadcrumbs|platform", foreign: true},
	{name: "Sentry spans", needs: "span_id start_timestamp op|description|exclusive_time", refused: true},
	{name: "a SkyWalking response", needs: "segmentId|traceSegmentId spanId", refused: true},
	{name: "a Grafana data frame", needs: "schema.fields data.values", foreign: true, columns: true, advice: "spans are read if it has the fields traceID, spanID, …"},
	{name: "a summary of AWS X-Ray traces", needs: "Id ResponseTimeRootCauses|HasFault|EntryPoint", foreign: true,
		advice: "fetch the traces with batch-get-traces"},
	{name: "a table in columns", needs: "tables[]|columns[]|meta[] rows[]|data[]|events[]|tables[]", foreign: true, columns: true,
		advice: "spans are read if it has columns for trace id, span id, …"},
	{name: "a Prometheus or Loki response", needs: "data.resultType data.result", foreign: true},
	{name: "a list of Langfuse traces", needs: "id timestamp projectId|sessionId|userId latency|totalCost|observations", foreign: true,
		advice: "export their observations"},
	{name: "a HAR file", needs: "log.entries log.version", foreign: true},
	{name: "a speedscope profile", needs: "$schema shared.frames|profiles", foreign: true},
	{name: "a Splunk export of events", needs: "_raw|result._raw _time|sourcetype|result._time", foreign: true, advice: "export the span fields, not _raw"},

	{name: "highlight.io spans", needs: "traceID spanID spanName traceAttributes|hasErrors|secureSessionID timestamp",
		units: map[string]Unit{"duration": Nanoseconds}},
	{name: "Langfuse observations", needs: "traceId id parentObservationId startTime",
		more:  map[Field][]string{Status: {"level"}},
		units: map[string]Unit{"latency": Seconds}},
	{name: "Langfuse observations", needs: "trace_id id parent_observation_id start_time",
		more:  map[Field][]string{Status: {"level"}},
		units: map[string]Unit{"latency": Seconds}},
	{name: "ClickHouse rows of otel_traces", needs: "Timestamp TraceId SpanId SpanName Duration", units: map[string]Unit{"Duration": Nanoseconds}},
	{name: "SigNoz spans", needs: "traceID|traceId|trace_id spanID|spanId|span_id durationNano|duration_nano hasError|has_error|serviceName|resources_string"},
	{name: "Data Prepper spans", needs: "traceId spanId durationInNanos traceGroup|traceGroupFields|droppedAttributesCount", atDots: true},
	{name: "Elastic APM documents", needs: "trace.id timestamp.us transaction.duration.us|span.duration.us|processor.event",
		more: map[Field][]string{
			Span: {"span.id", "transaction.id"}, Parent: {"parent.id"}, Name: {"span.name", "transaction.name"},
			Start: {"timestamp.us"}, Duration: {"span.duration.us", "transaction.duration.us"}, Status: {"event.outcome"},
			Service: {"service.name"}, KindHint: {"span.type", "transaction.type"},
		},
		hints: map[string]string{
			"request": "server", "messaging": "consumer", "db": "client", "external": "client", "cache": "client", "storage": "client",
			"app": "internal", "template": "internal",
		}},
	{name: "Elastic APM intake events", needs: "transaction.trace_id|span.trace_id transaction.id|span.id transaction.duration|span.duration",
		more: map[Field][]string{
			Trace: {"transaction.trace_id", "span.trace_id"}, Span: {"transaction.id", "span.id"},
			Parent: {"transaction.parent_id", "span.parent_id"}, Name: {"transaction.name", "span.name"},
			Start: {"transaction.timestamp", "span.timestamp"}, Duration: {"transaction.duration", "span.duration"},
			Status: {"transaction.outcome", "span.outcome"}, KindHint: {"transaction.type", "span.type"},
		},
		units: map[string]Unit{"transaction.duration": Milliseconds, "span.duration": Milliseconds},
		hints: map[string]string{"request": "server", "messaging": "consumer", "db": "client", "external": "client"}},
	{name: "Instana spans", needs: "t s n ts d", units: map[string]Unit{"d": Milliseconds},
		more: map[Field][]string{
			Trace: {"t"}, Span: {"s"}, Parent: {"p"}, Name: {"n"}, Start: {"ts"}, Duration: {"d"}, KindHint: {"k"}, Error: {"ec"},
		},
		hints: map[string]string{"1": "server", "2": "client", "3": "internal"}},
	{name: "Azure Monitor rows", needs: "TimeGenerated OperationId Id DurationMs",
		more: map[Field][]string{
			Trace: {"OperationId"}, Start: {"TimeGenerated"}, Service: {"AppRoleName"}, KindHint: {"Type"}, Attributes: {"Properties"},
		},
		hints: map[string]string{"apprequests": "server", "appdependencies": "client"}},
	{name: "Honeycomb rows", needs: "trace.trace_id trace.span_id duration_ms", units: map[string]Unit{"duration_ms": Milliseconds}},
	{name: "New Relic spans", needs: "trace.id guid|id timestamp duration|duration.ms",
		units: map[string]Unit{"duration": Seconds}, more: map[Field][]string{Duration: {"duration.ms", "duration"}}},
	{name: "New Relic spans as sent", needs: "trace.id id timestamp attributes.duration.ms",
		more: map[Field][]string{
			Name: {"attributes.name"}, Parent: {"attributes.parent.id"}, Duration: {"attributes.duration.ms"},
			Service: {"attributes.service.name"}, Kind: {"attributes.span.kind"},
		},
		units: map[string]Unit{"attributes.duration.ms": Milliseconds}},
	{name: "Application Insights rows", needs: "operation_Id id timestamp duration",
		more:  map[Field][]string{Trace: {"operation_Id"}, Parent: {"operation_ParentId"}, KindHint: {"itemType"}},
		units: map[string]Unit{"duration": Milliseconds},
		hints: map[string]string{"request": "server", "requests": "server", "dependency": "client", "dependencies": "client"}},
	{name: "Datadog spans", needs: "trace_id span_id start|start_timestamp service resource|resource_name",
		more:  map[Field][]string{KindHint: {"type"}, TraceHigh: {"meta._dd.p.tid"}, Attributes: {"meta", "metrics", "custom"}},
		units: map[string]Unit{"start": Nanoseconds, "duration": Nanoseconds, "custom.duration": Nanoseconds},
		hints: map[string]string{
			"web": "server", "http": "client", "sql": "client", "db": "client", "cache": "client", "redis": "client", "memcached": "client",
			"mongodb": "client", "cassandra": "client", "elasticsearch": "client", "opensearch": "client", "graphql": "server",
		},
		rename:  map[string]string{"resource": "resource.name"},
		decimal: true},
	{name: "Lightstep spans", needs: "span-id trace-id start-time-micros"},
}

// recognise returns the dialect of records, nil where none is known.
func recognise(records []Record, prefix Path) *dialect {
	for i := range dialects {
		d := &dialects[i]
		for _, r := range records[:min(len(records), 8)] {
			if d.matches(r, prefix) {
				return d
			}
		}
	}
	return nil
}

func (d *dialect) matches(r Record, prefix Path) bool {
	for need := range strings.FieldsSeq(d.needs) {
		found := false
		for one := range strings.SplitSeq(need, "|") {
			if list, ok := strings.CutSuffix(one, "[]"); ok {
				found = found || r.list(list)
				continue
			}
			found = found || r.has(one) || prefix != "" && r.has(prefix.String()+"."+one)
		}
		if !found {
			return false
		}
	}
	return true
}

// BelongsElsewhere reports whether a record of a list is a span of a format that has a reader of its own, which knows it
// better. Elasticsearch wraps spans in a document; other lists within documents are OTLP's and Jaeger's own, or ours.
func BelongsElsewhere(r Record, list Path) bool {
	has := func(keys ...string) bool {
		return !slices.ContainsFunc(keys, func(key string) bool { return !r.has(key) && !r.has("_source."+key) })
	}
	micros := func(key string) bool {
		c, ok := r.Find(key)
		if !ok {
			c, ok = r.Find("_source." + key)
		}
		unit, _, plausible := c.epoch()
		return ok && c.Kind == 0 && (!plausible || unit == Microseconds)
	}
	switch {
	case has("startTimeUnixNano", "spanId") || has("start_time_unix_nano", "span_id"): // bare spans of OTLP
		return !has("serviceName") && !has("service_name") && !has("service") && !has("_time") && !r.lasts() &&
			(list == "" || !has("attributes") || r.list("attributes"))
	case has("traceID", "spanID", "operationName") && (has("process") || has("processID")), // Jaeger's
		has("traceId", "spanId", "operationName", "process"), has("trace_id", "span_id", "operation_name", "process"): // as protobuf spells it
		return true
	case has("traceID", "spanID", "operationName"):
		return micros("startTime") && !has("serviceName") && !has("service") && !has("endTime")
	case has("traceId", "id", "timestamp"): // Zipkin's, or those of JavaScript's SDK
		return has("localEndpoint") || has("annotations") || has("binaryAnnotations") || has("instrumentationScope") ||
			micros("timestamp") && !has("spanId") && !has("service") && !has("serviceName")
	}
	context := Path("context").Child("trace_id")
	python := slices.ContainsFunc(r, func(c Cell) bool { return c.Path == context })
	return list == "" && (python && has("start_time", "end_time") || has("SpanContext.TraceID"))
}

// lasts reports whether a record has a duration, as OTLP's spans do not.
func (r Record) lasts() bool {
	return slices.ContainsFunc(r, func(c Cell) bool {
		rank, _ := Duration.match(c.Path.String())
		return rank >= 0
	})
}

// list reports whether there is an array at a path.
func (r Record) list(dotted string) bool {
	c, _ := r.Find(dotted)
	return c.Kind == '['
}
