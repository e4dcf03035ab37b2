package sources

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tracefall/sources/trace"
)

// readText reads an input as Open does, without a file.
func readText(t testing.TB, text string) *trace.Set {
	t.Helper()
	return open(t, Options{Stdin: strings.NewReader(text), Workers: 1}, "-")
}

const zipkinShared = `[
  {"traceId":"5982fe77008310cc80f1da5e10147517","id":"90394f6bcffb5d13","name":"get /","kind":"SERVER",
   "timestamp":1772460131000000,"duration":5000,"localEndpoint":{"serviceName":"frontend","ipv4":"10.0.0.1","port":8081},
   "remoteEndpoint":{"ipv4":"10.9.9.9","port":50123},"tags":{"http.path":"/","long":"0123456789012345678901234567890123456789"}},
  {"traceId":"5982fe77008310cc80f1da5e10147517","parentId":"90394f6bcffb5d13","id":"f8a45ac1b1b9e1ba","kind":"CLIENT","name":"get /api",
   "timestamp":1772460131001000,"duration":3000,"localEndpoint":{"serviceName":"frontend"},"remoteEndpoint":{"serviceName":"backend","ipv6":"::1"},
   "annotations":[{"timestamp":1772460131001500,"value":"wire send"}]},
  {"traceId":"5982fe77008310cc80f1da5e10147517","parentId":"90394f6bcffb5d13","id":"f8a45ac1b1b9e1ba","kind":"SERVER","name":"get /api",
   "timestamp":1772460131001700,"duration":2000,"localEndpoint":{"serviceName":"backend"},"shared":true,"tags":{"error":"","otel.status_code":"ERROR"}}
]`

const zipkinWant = `{"resourceSpans":[
{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"frontend"}}]},"scopeSpans":[{"scope":{},"spans":[
{"traceId":"5982fe77008310cc80f1da5e10147517","spanId":"90394f6bcffb5d13","name":"get /","kind":2,"startTimeUnixNano":"1772460131000000000","endTimeUnixNano":"1772460131005000000","attributes":[{"key":"network.local.address","value":{"stringValue":"10.0.0.1"}},{"key":"network.local.port","value":{"intValue":"8081"}},{"key":"network.peer.address","value":{"stringValue":"10.9.9.9"}},{"key":"network.peer.port","value":{"intValue":"50123"}},{"key":"http.path","value":{"stringValue":"/"}},{"key":"long","value":{"stringValue":"0123456789012345678901234567890123456789"}}],"status":{}},
{"traceId":"5982fe77008310cc80f1da5e10147517","spanId":"f8a45ac1b1b9e1ba","parentSpanId":"90394f6bcffb5d13","name":"get /api","kind":3,"startTimeUnixNano":"1772460131001000000","endTimeUnixNano":"1772460131004000000","attributes":[{"key":"network.peer.address","value":{"stringValue":"::1"}},{"key":"peer.service","value":{"stringValue":"backend"}}],"events":[
 {"timeUnixNano":"1772460131001500000","name":"wire send"}],"status":{}}]}]},
{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"backend"}}]},"scopeSpans":[{"scope":{},"spans":[
{"traceId":"5982fe77008310cc80f1da5e10147517","spanId":"e9cdd70686ceecda","parentSpanId":"f8a45ac1b1b9e1ba","name":"get /api","kind":2,"startTimeUnixNano":"1772460131001700000","endTimeUnixNano":"1772460131003700000","attributes":[{"key":"error","value":{"stringValue":""}}],"status":{"code":2}}]}]}]}
shared-span-ids: 1 span id shared by client and server span, separated`

const pythonTwo = `Listening on :8080
{
    "name": "child",
    "context": {
        "trace_id": "0x6e3dd3fc2d2a1bea1b7ab2d4ba6dba5f",
        "span_id": "0x2c1d1d3e0a5b4c6f",
        "trace_state": "[]"
    },
    "kind": "SpanKind.CLIENT",
    "parent_id": "0x8f3c1a2b4d5e6f70",
    "start_time": "2026-03-02T14:02:11.001000Z",
    "end_time": "2026-03-02T14:02:11.002500Z",
    "status": {
        "status_code": "ERROR",
        "description": "ValueError: no"
    },
    "attributes": {
        "http.request.method": "GET",
        "n": 3,
        "ratio": 0.5,
        "ok": true,
        "list": [
            "a",
            "b"
        ]
    },
    "events": [
        {
            "name": "exception",
            "timestamp": "2026-03-02T14:02:11.002000Z",
            "attributes": {
                "exception.type": "ValueError"
            }
        }
    ],
    "links": [
        {
            "context": {
                "trace_id": "0x00000000000000000000000000000009",
                "span_id": "0x0000000000000009",
                "trace_state": "[]"
            },
            "attributes": {}
        }
    ],
    "resource": {
        "attributes": {
            "service.name": "shop",
            "telemetry.sdk.language": "python"
        },
        "schema_url": ""
    }
}
{
    "name": "root",
    "context": {
        "trace_id": "0x6e3dd3fc2d2a1bea1b7ab2d4ba6dba5f",
        "span_id": "0x8f3c1a2b4d5e6f70",
        "trace_state": "[]"
    },
    "kind": "SpanKind.SERVER",
    "parent_id": null,
    "start_time": "2026-03-02T14:02:11.000000Z",
    "end_time": "2026-03-02T14:02:11.003000Z",
    "status": {
        "status_code": "UNSET"
    },
    "attributes": {},
    "events": [],
    "links": [],
    "resource": {
        "attributes": {
            "service.name": "shop",
            "telemetry.sdk.language": "python"
        },
        "schema_url": ""
    }
}
`

const jsInspected = `Server listening on http://localhost:8080
{
  resource: {
    attributes: {
      'service.name': 'dice',
      'process.command_args': [ '/usr/bin/node', 'app.js' ],
      'host.arch': "it's",
      'process.pid': 42
    }
  },
  instrumentationScope: { name: 'dice-lib', version: '1.0', schemaUrl: undefined },
  traceId: '3a1b3c4d5e6f708192a3b4c5d6e7f809',
  parentSpanContext: {
    traceId: '3a1b3c4d5e6f708192a3b4c5d6e7f809',
    spanId: '36423bc1ce7532b0',
    traceFlags: 1,
    isRemote: true
  },
  traceState: undefined,
  name: 'rollOnce:0',
  id: '7a1b3c4d5e6f7081',
  kind: 2,
  timestamp: 1772460131001000.2,
  duration: 85.25,
  attributes: [Object: null prototype] { 'dicelib.rolled': '3', nested: [Object], big: 123n, text: 'a\n' +
      'b \x1B\'' },
  status: { code: 2, message: 'boom' },
  events: [
    {
      name: 'exception',
      attributes: [Object],
      time: [ 1772460131, 1500000 ],
      droppedAttributesCount: 0
    }
  ],
  links: []
}
GET /rolldice 200
{
  resource: { attributes: { 'service.name': 'dice' } },
  instrumentationScope: { name: 'dice-lib', version: undefined, schemaUrl: undefined },
  traceId: '3a1b3c4d5e6f708192a3b4c5d6e7f809',
  parentSpanContext: undefined,
  traceState: undefined,
  name: 'rollTheDice',
  id: '36423bc1ce7532b0',
  kind: 0,
  timestamp: 1772460131000000,
  duration: 1234,
  attributes: {},
  status: { code: 0 },
  events: [],
  links: []
}
`

const jsJSON = `{"resource":{"attributes":{"service.name":"dice"}},"traceId":"3a1b3c4d5e6f708192a3b4c5d6e7f809","parentId":"36423bc1ce7532b0",` +
	`"name":"call","id":"7a1b3c4d5e6f7081","kind":2,"timestamp":1772460131001000,"duration":85.25,"attributes":{"a":1},"status":{"code":1},` +
	`"events":[{"name":"e","attributes":{},"time":[1772460131,1500000]}],"links":[{"context":{"traceId":"00000000000000000000000000000009","spanId":"0000000000000009"},"attributes":{"k":"v"}}]}`

const goStubs = `{
	"Name": "call",
	"SpanContext": {
		"TraceID": "0eadddbe8e3cd0e5a5a2b2e5f2ea0a36",
		"SpanID": "7a8b9c0d1e2f3a4b",
		"TraceFlags": "01",
		"TraceState": "a=b",
		"Remote": false
	},
	"Parent": {
		"TraceID": "0eadddbe8e3cd0e5a5a2b2e5f2ea0a36",
		"SpanID": "0102030405060708",
		"TraceFlags": "01",
		"TraceState": "",
		"Remote": false
	},
	"SpanKind": 3,
	"StartTime": "2026-03-02T15:02:11.000001001+01:00",
	"EndTime": "0001-01-01T00:00:00Z",
	"Attributes": [
		{"Key": "s", "Value": {"Type": "STRING", "Value": "x"}},
		{"Key": "i", "Value": {"Type": "INT64", "Value": 5}},
		{"Key": "f", "Value": {"Type": "FLOAT64", "Value": 1}},
		{"Key": "b", "Value": {"Type": "BOOL", "Value": true}},
		{"Key": "l", "Value": {"Type": "STRINGSLICE", "Value": ["a", "b"]}}
	],
	"Events": [
		{
			"Name": "event",
			"Attributes": [{"Key": "n", "Value": {"Type": "INT64", "Value": 1}}],
			"DroppedAttributeCount": 2,
			"Time": "2026-03-02T14:02:11.000001002Z"
		}
	],
	"Links": [
		{
			"SpanContext": {"TraceID": "00000000000000000000000000000009", "SpanID": "0000000000000009", "TraceFlags": "00", "TraceState": "", "Remote": false},
			"Attributes": null,
			"DroppedAttributeCount": 3
		}
	],
	"Status": {"Code": "Error", "Description": "no"},
	"DroppedAttributes": 4,
	"DroppedEvents": 5,
	"DroppedLinks": 6,
	"ChildSpanCount": 0,
	"Resource": [
		{"Key": "service.name", "Value": {"Type": "STRING", "Value": "shop"}}
	],
	"InstrumentationScope": {"Name": "lib", "Version": "1", "SchemaURL": "", "Attributes": null},
	"InstrumentationLibrary": {"Name": "lib", "Version": "1", "SchemaURL": "", "Attributes": null}
}
{"Name":"root","SpanContext":{"TraceID":"0eadddbe8e3cd0e5a5a2b2e5f2ea0a36","SpanID":"0102030405060708","TraceFlags":"01","TraceState":"","Remote":false},
"Parent":{"TraceID":"00000000000000000000000000000000","SpanID":"0000000000000000","TraceFlags":"00","TraceState":"","Remote":false},
"SpanKind":2,"StartTime":"2026-03-02T14:02:11Z","EndTime":"2026-03-02T14:02:11.5Z","Attributes":null,"Events":null,"Links":null,
"Status":{"Code":2,"Description":""},"Resource":[{"Key":"service.name","Value":{"Type":"STRING","Value":"shop"}}],"InstrumentationLibrary":{"Name":"lib","Version":"1"}}
`

const elasticSearch = `{"took":3,"timed_out":false,"_shards":{"total":1},"hits":{"total":{"value":3,"relation":"eq"},"max_score":1.0,"hits":[
 {"_index":"jaeger-span-2026-03-02","_id":"x1","_score":1.0,"_source":{"traceID":"0000000000000abc","spanID":"0000000000000002","parentSpanID":"0000000000000001",
  "flags":1,"operationName":"query","references":[],"startTime":1772460131001000,"startTimeMillis":1772460131001,"duration":500,
  "tags":[{"key":"rows","type":"int64","value":"7"},{"key":"cached","type":"bool","value":"true"},{"key":"share","type":"float64","value":"0.5"}],
  "tag":{"db@system":"mysql","span@kind":"client","error":true},"logs":[{"timestamp":1772460131001200,"fields":[{"key":"event","type":"string","value":"retry"}]}],
  "process":{"serviceName":"db","tags":[],"tag":{"ip":"10.0.0.1"}}}},
 {"_index":"jaeger-span-2026-03-02","_id":"x2","_score":1.0,"_source":{"traceID":"0000000000000abc","spanID":"0000000000000001","operationName":"get",
  "references":[],"startTime":1772460131000000,"startTimeMillis":1772460131000,"duration":5000,"tags":[],"logs":[],"process":{"serviceName":"web","tags":[{"key":"ip","type":"string","value":"10.0.0.2"}]}}},
 {"_index":"jaeger-service-2026-03-02","_id":"x3","_score":1.0,"_source":{"serviceName":"web","operationName":"get"}}]}}`

const elasticBulk = `{"index":{"_index":"jaeger-span-2026-03-02"}}
{"traceID":"abc","spanID":"1","operationName":"get","references":[],"startTime":1772460131000000,"startTimeMillis":1772460131000,"duration":5000,"process":{"serviceName":"web","tags":[]}}
{"index":{"_index":"jaeger-span-2026-03-02"}}
{"traceID":"abc","spanID":"2","flags":1,"operationName":"query","references":[{"refType":"CHILD_OF","traceID":"abc","spanID":"1"}],"startTime":1772460131001000,"duration":500,"process":{"serviceName":"db","tags":[]}}
`

// asOTLP is what a set looks like as OTLP JSON, a span or event a line, and its notices.
func asOTLP(t testing.TB, set *trace.Set) string {
	t.Helper()
	text := strings.NewReplacer(`{"traceId"`, "\n{\"traceId\"", `{"timeUnixNano"`, "\n {\"timeUnixNano\"", `{"resource"`, "\n{\"resource\"").Replace(otlpText(t, set))
	for _, n := range set.Notices() {
		text += fmt.Sprintf("\n%s: %s", n.Kind, n.Message)
	}
	return text
}

func TestFormatsAsOTLP(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"Zipkin", zipkinShared, zipkinWant},
		{"Zipkin, traces as arrays", "[" + zipkinShared + "]", zipkinWant},
		{"Python", pythonTwo, `{"resourceSpans":[
{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"shop"}},{"key":"telemetry.sdk.language","value":{"stringValue":"python"}}]},"scopeSpans":[{"scope":{},"spans":[
{"traceId":"6e3dd3fc2d2a1bea1b7ab2d4ba6dba5f","spanId":"8f3c1a2b4d5e6f70","name":"root","kind":2,"startTimeUnixNano":"1772460131000000000","endTimeUnixNano":"1772460131003000000","status":{}},
{"traceId":"6e3dd3fc2d2a1bea1b7ab2d4ba6dba5f","spanId":"2c1d1d3e0a5b4c6f","parentSpanId":"8f3c1a2b4d5e6f70","name":"child","kind":3,"startTimeUnixNano":"1772460131001000000","endTimeUnixNano":"1772460131002500000","attributes":[{"key":"http.request.method","value":{"stringValue":"GET"}},{"key":"n","value":{"intValue":"3"}},{"key":"ratio","value":{"doubleValue":0.5}},{"key":"ok","value":{"boolValue":true}},{"key":"list","value":{"arrayValue":{"values":[{"stringValue":"a"},{"stringValue":"b"}]}}}],"events":[
 {"timeUnixNano":"1772460131002000000","name":"exception","attributes":[{"key":"exception.type","value":{"stringValue":"ValueError"}}]}],"links":[
{"traceId":"00000000000000000000000000000009","spanId":"0000000000000009"}],"status":{"message":"ValueError: no","code":2}}]}]}]}
skipped-records: text between documents: 19 bytes skipped (line 1, column 1)`},
		{"JavaScript, inspected", jsInspected, `{"resourceSpans":[
{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"dice"}}]},"scopeSpans":[{"scope":{"name":"dice-lib"},"spans":[
{"traceId":"3a1b3c4d5e6f708192a3b4c5d6e7f809","spanId":"36423bc1ce7532b0","name":"rollTheDice","kind":1,"startTimeUnixNano":"1772460131000000000","endTimeUnixNano":"1772460131001234000","status":{}}]}]},
{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"dice"}},{"key":"process.command_args","value":{"arrayValue":{"values":[{"stringValue":"/usr/bin/node"},{"stringValue":"app.js"}]}}},{"key":"host.arch","value":{"stringValue":"it's"}},{"key":"process.pid","value":{"intValue":"42"}}]},"scopeSpans":[{"scope":{"name":"dice-lib","version":"1.0"},"spans":[
{"traceId":"3a1b3c4d5e6f708192a3b4c5d6e7f809","spanId":"7a1b3c4d5e6f7081","parentSpanId":"36423bc1ce7532b0","flags":768,"name":"rollOnce:0","kind":3,"startTimeUnixNano":"1772460131001000200","endTimeUnixNano":"1772460131001085450","attributes":[{"key":"dicelib.rolled","value":{"stringValue":"3"}},{"key":"nested","value":{}},{"key":"big","value":{"intValue":"123"}},{"key":"text","value":{"stringValue":"a\nb \u001b'"}}],"events":[
 {"timeUnixNano":"1772460131001500000","name":"exception"}],"status":{"message":"boom","code":2}}]}]}]}`},
		{"JavaScript, JSON", jsJSON, `{"resourceSpans":[
{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"dice"}}]},"scopeSpans":[{"scope":{},"spans":[
{"traceId":"3a1b3c4d5e6f708192a3b4c5d6e7f809","spanId":"7a1b3c4d5e6f7081","parentSpanId":"36423bc1ce7532b0","name":"call","kind":3,"startTimeUnixNano":"1772460131001000000","endTimeUnixNano":"1772460131001085250","attributes":[{"key":"a","value":{"intValue":"1"}}],"events":[
 {"timeUnixNano":"1772460131001500000","name":"e"}],"links":[
{"traceId":"00000000000000000000000000000009","spanId":"0000000000000009","attributes":[{"key":"k","value":{"stringValue":"v"}}]}],"status":{"code":1}}]}]}]}
orphan-spans: 1 orphan span (parent not in file)`},
		{"Go", goStubs, `{"resourceSpans":[
{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"shop"}}]},"scopeSpans":[{"scope":{"name":"lib","version":"1"},"spans":[
{"traceId":"0eadddbe8e3cd0e5a5a2b2e5f2ea0a36","spanId":"0102030405060708","name":"root","kind":2,"startTimeUnixNano":"1772460131000000000","endTimeUnixNano":"1772460131500000000","status":{"code":1}},
{"traceId":"0eadddbe8e3cd0e5a5a2b2e5f2ea0a36","spanId":"7a8b9c0d1e2f3a4b","traceState":"a=b","parentSpanId":"0102030405060708","flags":256,"name":"call","kind":3,"startTimeUnixNano":"1772460131000001001","attributes":[{"key":"s","value":{"stringValue":"x"}},{"key":"i","value":{"intValue":"5"}},{"key":"f","value":{"doubleValue":1}},{"key":"b","value":{"boolValue":true}},{"key":"l","value":{"arrayValue":{"values":[{"stringValue":"a"},{"stringValue":"b"}]}}}],"droppedAttributesCount":4,"events":[
 {"timeUnixNano":"1772460131000001002","name":"event","attributes":[{"key":"n","value":{"intValue":"1"}}],"droppedAttributesCount":2}],"droppedEventsCount":5,"links":[
{"traceId":"00000000000000000000000000000009","spanId":"0000000000000009","droppedAttributesCount":3}],"droppedLinksCount":6,"status":{"message":"no","code":2}}]}]}]}
unfinished-spans: 1 span without an end time, end of the last descendant used
dropped-by-sdk: 15 attributes, events and links dropped by the SDK`},
		{"Elasticsearch search", elasticSearch, `{"resourceSpans":[
{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"web"}},{"key":"ip","value":{"stringValue":"10.0.0.2"}}]},"scopeSpans":[{"scope":{},"spans":[
{"traceId":"00000000000000000000000000000abc","spanId":"0000000000000001","name":"get","startTimeUnixNano":"1772460131000000000","endTimeUnixNano":"1772460131005000000","status":{}}]}]},
{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"db"}},{"key":"ip","value":{"stringValue":"10.0.0.1"}}]},"scopeSpans":[{"scope":{},"spans":[
{"traceId":"00000000000000000000000000000abc","spanId":"0000000000000002","parentSpanId":"0000000000000001","name":"query","kind":3,"startTimeUnixNano":"1772460131001000000","endTimeUnixNano":"1772460131001500000","attributes":[{"key":"rows","value":{"intValue":"7"}},{"key":"cached","value":{"boolValue":true}},{"key":"share","value":{"doubleValue":0.5}},{"key":"db.system","value":{"stringValue":"mysql"}}],"events":[
 {"timeUnixNano":"1772460131001200000","name":"retry"}],"status":{"code":2}}]}]}]}
skipped-records: Elasticsearch document skipped: not a Jaeger span (line 9, column 75)`},
		{"Elasticsearch bulk", elasticBulk, `{"resourceSpans":[
{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"web"}}]},"scopeSpans":[{"scope":{},"spans":[
{"traceId":"00000000000000000000000000000abc","spanId":"0000000000000001","name":"get","startTimeUnixNano":"1772460131000000000","endTimeUnixNano":"1772460131005000000","status":{}}]}]},
{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"db"}}]},"scopeSpans":[{"scope":{},"spans":[
{"traceId":"00000000000000000000000000000abc","spanId":"0000000000000002","parentSpanId":"0000000000000001","name":"query","startTimeUnixNano":"1772460131001000000","endTimeUnixNano":"1772460131001500000","status":{}}]}]}]}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := asOTLP(t, readText(t, tt.in))
			if diff := cmp.Diff(strings.Split(tt.want, "\n"), strings.Split(got, "\n")); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestOutcomes(t *testing.T) {
	const stub = `{"Name":"a","SpanContext":{"TraceID":"0eadddbe8e3cd0e5a5a2b2e5f2ea0a36","SpanID":"0102030405060708"},"Status":{"Code":%s},` +
		`"StartTime":"2026-03-02T14:02:11Z","EndTime":"2026-03-02T14:02:12Z"}`
	const zipkin = `[{"traceId":"a","id":"1","name":"x","timestamp":1772460131000000,"duration":1,"tags":{%s}}]`
	tests := []struct {
		in     string
		status trace.Status
		failed bool
	}{
		{fmt.Sprintf(stub, `0`), trace.StatusUnset, false},
		{fmt.Sprintf(stub, `1`), trace.StatusError, true},
		{fmt.Sprintf(stub, `2`), trace.StatusOK, false},
		{fmt.Sprintf(stub, `"Error"`), trace.StatusError, true},
		{fmt.Sprintf(zipkin, `"a":""`), trace.StatusUnset, false},
		{fmt.Sprintf(zipkin, `"error":""`), trace.StatusError, true},
		{fmt.Sprintf(zipkin, `"error":"true"`), trace.StatusError, true},
		{fmt.Sprintf(zipkin, `"error":"refused"`), trace.StatusUnset, true},
		{fmt.Sprintf(zipkin, `"error":"false"`), trace.StatusUnset, false},
		{fmt.Sprintf(zipkin, `"otel.status_code":"OK"`), trace.StatusOK, false},
	}
	for _, tt := range tests {
		if root := readText(t, tt.in).Trace(0).Root(); root.Status() != tt.status || root.Error() != tt.failed {
			t.Errorf("%s: status %s, failed %v; want %s, %v", tt.in, root.Status(), root.Error(), tt.status, tt.failed)
		}
	}
}

func TestZipkinAnnotations(t *testing.T) {
	tests := []struct{ value, name, attrs string }{
		{`wire send`, "wire send", ""},
		{`retry: {\"n\":2,\"why\":\"503\"}`, "retry", " n=2 why=503"},
		{`\"retry\": {\"n\":2}`, "retry", " n=2"},
		{`odd: {`, "odd: {", ""},
		{`odd: {\"n\":2`, `odd: {"n":2`, ""},
	}
	for _, tt := range tests {
		set := readText(t, `[{"traceId":"a","id":"1","name":"x","kind":"CLIENT","timestamp":1772460131000000,"duration":1,`+
			`"annotations":[{"timestamp":1772460131000000,"value":"`+tt.value+`"}]}]`)
		e := set.Trace(0).Root().Event(0)
		attrs := ""
		for k, v := range e.Attrs().All() {
			attrs += " " + k + "=" + v.String()
		}
		if e.Name() != tt.name || attrs != tt.attrs || e.Time() != 1772460131000000000 {
			t.Errorf("%s: %q%s at %d; want %q%s", tt.value, e.Name(), attrs, e.Time(), tt.name, tt.attrs)
		}
	}
}

func TestFormatsDamage(t *testing.T) {
	tests := []struct {
		name, in string
		spans    int
		notices  []string
	}{
		{"Zipkin, version 1", `[{"traceId":"a","id":"1","name":"x","annotations":[{"timestamp":1,"value":"sr","endpoint":{}}],"binaryAnnotations":[]},` +
			`{"traceId":"a","id":"2","name":"y","timestamp":1772460131000000,"duration":1}]`, 2, []string{
			"unfinished-spans: 1 span without an end time, end of the last descendant used"}},
		{"Zipkin, cut short", zipkinShared[:strings.LastIndex(zipkinShared, `"shared"`)], 2, []string{
			`truncated-input: file truncated: 229 bytes skipped; last trace may be incomplete (line 9, column 91)`}},
		{"Zipkin, a bad field", strings.Replace(zipkinShared, `"timestamp":1772460131001000,"duration":3000`, `"timestamp":{},"duration":"x"`, 1), 3, []string{
			"unreadable-fields: timestamp not readable, expected microseconds (line 6, column 16)",
			"unreadable-fields: duration not readable, expected microseconds (line 6, column 30)",
			"shared-span-ids: 1 span id shared by client and server span, separated",
			"repaired-times: 1 invalid timestamp, repaired"}},
		{"Python, the first one cut short", pythonTwo[:400] + "\n" + pythonTwo[strings.LastIndex(pythonTwo, "\n{\n")+1:], 1, []string{
			"skipped-records: text between documents: 19 bytes skipped (line 1, column 1)",
			`damaged-input: invalid JSON: 382 bytes skipped; expected a closing quote before the end of the line, found the end of the line (line 14, column 26)`}},
		{"JavaScript, the first one cut short", jsInspected[:720] + jsInspected[strings.LastIndex(jsInspected, "\n{\n"):], 1, []string{
			`damaged-input: invalid JSON: 575 bytes skipped; expected a comma or }, found "{" (line 26)`}},
		{"Go, a bad time", strings.Replace(goStubs, `"2026-03-02T14:02:11.5Z"`, `"yesterday"`, 1), 2, []string{
			"unreadable-fields: EndTime not readable, expected a date and time (line 55, column 59)",
			"unfinished-spans: 2 spans without an end time, end of the last descendant used",
			"dropped-by-sdk: 15 attributes, events and links dropped by the SDK"}},
		{"Elasticsearch, a line cut short", elasticBulk + elasticBulk[strings.Index(elasticBulk, "\n")+1:][:60], 2, []string{
			`truncated-input: file truncated: 60 bytes skipped; last trace may be incomplete (line 5, column 61)`}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			set := readText(t, tt.in)
			if set.SpanCount() != tt.spans {
				t.Errorf("%d spans, want %d", set.SpanCount(), tt.spans)
			}
			var got []string
			for _, n := range set.Notices() {
				got = append(got, fmt.Sprintf("%s: %s", n.Kind, n.Message))
			}
			if diff := cmp.Diff(tt.notices, got); diff != "" {
				t.Errorf("notices (-want +got):\n%s", diff)
			}
		})
	}
}
