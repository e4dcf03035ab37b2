package wire

import (
	"bytes"
	"fmt"
	"strings"
	"time"
)

// elasticSpan is one span document of Jaeger's Elasticsearch storage.
func elasticSpan(s JaegerSpan, p JaegerProcess, tagsAsFields bool) object {
	logs := []object{}
	for _, l := range s.Logs {
		logs = append(logs, object{{"timestamp", l.Timestamp}, {"fields", elasticTags(l.Fields)}})
	}
	o := object{{"traceID", s.TraceID}, {"spanID", s.SpanID}, {"flags", s.Flags}, {"operationName", s.OperationName},
		{"references", s.References}, {"startTime", s.StartTime}, {"startTimeMillis", s.StartTime / 1000}, {"duration", s.Duration}}
	process := object{{"serviceName", p.ServiceName}}
	if tagsAsFields {
		o = append(o, member{"tags", []object{}}, member{"tag", tagObject(s.Tags)})
		process = append(process, member{"tags", []object{}}, member{"tag", tagObject(p.Tags)})
	} else {
		o = append(o, member{"tags", elasticTags(s.Tags)})
		process = append(process, member{"tags", elasticTags(p.Tags)})
	}
	return append(o, member{"logs", logs}, member{"process", process})
}

// elasticTags are tags with their values as strings.
func elasticTags(tags []JaegerTag) []object {
	out := []object{}
	for _, t := range tags {
		out = append(out, object{{"key", t.Key}, {"type", t.Type}, {"value", fmt.Sprint(t.Value)}})
	}
	return out
}

// tagObject is the form with tags as fields: dots in keys are written as @.
func tagObject(tags []JaegerTag) object {
	out := object{}
	for _, t := range tags {
		out = append(out, member{strings.ReplaceAll(t.Key, ".", "@"), t.Value})
	}
	return out
}

func elasticIndex(s JaegerSpan) string {
	return "jaeger-span-" + time.UnixMicro(s.StartTime).UTC().Format("2006-01-02")
}

// ElasticSearch is the answer of _search over Jaeger's span index.
func ElasticSearch(traces []JaegerTrace) ([]byte, error) {
	hits := []object{}
	for _, t := range traces {
		for _, s := range t.Spans {
			hits = append(hits, object{{"_index", elasticIndex(s)}, {"_id", "x" + s.SpanID + "A"}, {"_score", nil},
				{"_source", elasticSpan(s, t.Processes[s.ProcessID], false)}, {"sort", []int64{s.StartTime}}})
		}
	}
	return encode(object{{"took", 7}, {"timed_out", false},
		{"_shards", object{{"total", 5}, {"successful", 5}, {"skipped", 0}, {"failed", 0}}},
		{"hits", object{{"total", object{{"value", len(hits)}, {"relation", "eq"}}}, {"max_score", nil}, {"hits", hits}}}}, "")
}

// ElasticBulk is the body of _bulk: an action line before each document line.
func ElasticBulk(traces []JaegerTrace) ([]byte, error) {
	var out bytes.Buffer
	for _, t := range traces {
		for _, s := range t.Spans {
			for _, line := range []object{
				{{"index", object{{"_index", elasticIndex(s)}}}},
				elasticSpan(s, t.Processes[s.ProcessID], true),
			} {
				doc, err := encode(line, "")
				if err != nil {
					return nil, err
				}
				out.Write(doc)
			}
		}
	}
	return out.Bytes(), nil
}
