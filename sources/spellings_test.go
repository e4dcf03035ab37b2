package sources

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tracefall/sources/trace"
)

// One trace of two spans as the specification writes it. The other documents of this file say the same.
const (
	spelledResource = `{"attributes":[{"key":"service.name","value":{"stringValue":"shop"}}]}`
	spelledRoot     = `{"traceId":"0af7651916cd43dd8448eb211c80319c","spanId":"a000000000000001","name":"GET /cart","kind":2,` +
		`"startTimeUnixNano":"1767225600000000000","endTimeUnixNano":"1767225600100000000","status":{"code":2,"message":"late"},` +
		`"attributes":[{"key":"n","value":{"intValue":"503"}},{"key":"f","value":{"doubleValue":1.5}},{"key":"b","value":{"boolValue":true}},` +
		`{"key":"list","value":{"arrayValue":{"values":[{"stringValue":"x"},{"intValue":"7"}]}}},` +
		`{"key":"map","value":{"kvlistValue":{"values":[{"key":"k","value":{"stringValue":"v"}}]}}},{"key":"raw","value":{"bytesValue":"AAEC/w=="}}]}`
	spelledChild = `{"traceId":"0af7651916cd43dd8448eb211c80319c","spanId":"a000000000000002","parentSpanId":"a000000000000001","name":"SELECT",` +
		`"kind":3,"startTimeUnixNano":"1767225600010000001","endTimeUnixNano":"1767225600060000000"}`
	spelledScope = `{"scope":{"name":"lib"},"spans":[` + spelledRoot + `,` + spelledChild + `]}`
	spelled      = `{"resourceSpans":[{"resource":` + spelledResource + `,"scopeSpans":[` + spelledScope + `]}]}`
)

// TestSpellings reads the same trace as different libraries and people write it.
func TestSpellings(t *testing.T) {
	want := describeSet(openBytes(t, []byte(spelled)))
	snake := strings.NewReplacer(
		"resourceSpans", "resource_spans", "scopeSpans", "scope_spans", "traceId", "trace_id", `"spanId"`, `"span_id"`,
		"parentSpanId", "parent_span_id", "startTimeUnixNano", "start_time_unix_nano", "endTimeUnixNano", "end_time_unix_nano")
	kinds := strings.NewReplacer(
		"stringValue", "StringValue", "intValue", "IntValue", "doubleValue", "DoubleValue", "boolValue", "BoolValue",
		"arrayValue", "ArrayValue", "kvlistValue", "KvlistValue", "bytesValue", "BytesValue")
	base64IDs := strings.NewReplacer(
		"0af7651916cd43dd8448eb211c80319c", "CvdlGRbNQ92ESOshHIAxnA==", "a000000000000001", "oAAAAAAAAAE=", "a000000000000002", "oAAAAAAAAAI=")
	hexInBase64 := strings.NewReplacer(
		"0af7651916cd43dd8448eb211c80319c", "MGFmNzY1MTkxNmNkNDNkZDg0NDhlYjIxMWM4MDMxOWM=",
		"a000000000000001", "YTAwMDAwMDAwMDAwMDAwMQ==", "a000000000000002", "YTAwMDAwMDAwMDAwMDAwMg==")
	byteIDs := strings.NewReplacer(
		`"0af7651916cd43dd8448eb211c80319c"`, "[10,247,101,25,22,205,67,221,132,72,235,33,28,128,49,156]",
		`"a000000000000001"`, "[160,0,0,0,0,0,0,1]", `"a000000000000002"`, "[-96,0,0,0,0,0,0,2]")
	arrayIDs := strings.NewReplacer(
		`"a000000000000001"`, `{"0":160,"1":0,"2":0,"3":0,"4":0,"5":0,"6":0,"7":1}`,
		`"a000000000000002"`, `{"type":"Buffer","data":[160,0,0,0,0,0,0,2]}`)
	halves := strings.NewReplacer(
		`"1767225600000000000"`, `{"low":-302383104,"high":411464273}`, `"1767225600100000000"`, `{"low":-202383104,"high":411464273,"unsigned":true}`,
		`"1767225600010000001"`, `{"high":411464273,"low":4002584193}`)
	stamps := strings.NewReplacer(
		`"1767225600000000000"`, `{"seconds":"1767225600"}`, `"1767225600100000000"`, `{"seconds":1767225600,"nanos":100000000}`,
		`"1767225600010000001"`, `[1767225600,10000001]`, `"1767225600060000000"`, `"2026-01-01T01:00:00.06+01:00"`)
	decimals := strings.NewReplacer(
		`"1767225600000000000"`, `1.7672256E18`, `"1767225600100000000"`, `" 1767225600100000000 "`,
		`"1767225600010000001"`, `"1767225600010000001.0"`, `"1767225600060000000"`, `17672256000.6e+8`)
	escaped := strings.NewReplacer(
		`"1767225600000000000"`, `"17672256000000000\u0030\u0030"`, `"0af7651916cd43dd8448eb211c80319c"`, `"0af7651916cd43dd8448eb211c8031\u0039c"`,
		`"a000000000000001"`, `"\u0061000000000000001"`, `{"intValue":"503"}`, `{"intValue":"50\u0033"}`)
	loose := strings.NewReplacer(
		`"1767225600000000000"`, `"1767225600000000000n"`, `"1767225600100000000"`, `"2026-01-01t00:00:00.1z"`,
		`"traceId":"0af7651916cd43dd8448eb211c80319c"`, `"traceId":" 0af7651916cd43dd8448eb211c80319c\n"`,
		`"spanId":"a000000000000001"`, `"spanId":" a000000000000001 "`, `{"intValue":"503"}`, `{"stringValue":null,"intValue":"503","boolValue":null}`)
	goValue := func(document string) string {
		document = kinds.Replace(strings.NewReplacer(`"value":{`, `"value":{"Value":{`).Replace(document))
		// each value is one object deeper now; the braces that close it are doubled from the inside out
		return doubleBraces(document)
	}
	for name, document := range map[string]string{
		"spaces":            " \r\n\t\n " + strings.ReplaceAll(spelled, ",", " ,\r\n"),
		"leading newline":   "\n{\n" + spelled[1:],
		"resource, array":   `[{"resource":` + spelledResource + `,"scopeSpans":[` + spelledScope + `]}]`,
		"resource, line":    `{"resource":` + spelledResource + `,"scopeSpans":[` + spelledScope + `]}`,
		"base64":            base64IDs.Replace(spelled),
		"hex in base64":     hexInBase64.Replace(spelled),
		"hex in bare":       strings.ReplaceAll(hexInBase64.Replace(spelled), "=", ""),
		"bytes":             byteIDs.Replace(spelled),
		"typed arrays":      arrayIDs.Replace(spelled),
		"halves":            halves.Replace(spelled),
		"timestamps":        stamps.Replace(spelled),
		"decimals":          decimals.Replace(spelled),
		"loose":             loose.Replace(spelled),
		"escapes":           escaped.Replace(spelled),
		"Go":                base64IDs.Replace(snake.Replace(goValue(spelled))),
		"Go names":          goNames(base64IDs.Replace(goValue(spelled))),
		"serde":             byteIDs.Replace(strings.ReplaceAll(snake.Replace(goValue(spelled)), `"Value"`, `"value"`)),
		"snake, dashes out": snake.Replace(spelled),
	} {
		if diff := cmp.Diff(want, describeSet(openBytes(t, []byte(document)))); diff != "" {
			t.Errorf("%s (-OTLP +it):\n%s\n%s", name, diff, document)
		}
	}
}

// doubleBraces doubles the brace that closes an object behind "Value":{.
func doubleBraces(document string) string {
	var out strings.Builder
	var double []bool
	for i := range len(document) {
		out.WriteByte(document[i])
		switch document[i] {
		case '{':
			double = append(double, strings.HasSuffix(document[:i], `"Value":`))
		case '}':
			if last := len(double) - 1; double[last] {
				out.WriteByte('}')
				double = double[:last-1]
			} else {
				double = double[:last]
			}
		}
	}
	return out.String()
}

// goNames writes every key of a document with a capital.
func goNames(document string) string {
	parts := strings.Split(document, `":`)
	for i := range len(parts) - 1 {
		at := strings.LastIndexByte(parts[i], '"') + 1
		parts[i] = parts[i][:at] + strings.ToUpper(parts[i][at:at+1]) + parts[i][at+1:]
	}
	return strings.Join(parts, `":`)
}

// TestBareSpans reads spans without what stands around them.
func TestBareSpans(t *testing.T) {
	withResource := spelledRoot[:len(spelledRoot)-1] + `,"resource":` + spelledResource + `}`
	for name, document := range map[string]string{
		"array":        "[" + spelledRoot + "," + spelledChild + "]",
		"lines":        spelledRoot + "\n" + spelledChild + "\n",
		"concatenated": spelledRoot + spelledChild,
		"scopes":       spelledScope,
		"scope array":  "[" + spelledScope + "]",
	} {
		set := openBytes(t, []byte(document))
		if got := noticeTexts(set); set.Len() != 1 || set.SpanCount() != 2 || set.Trace(0).Span(0).Service() != "" ||
			len(got) != 1 || !strings.Contains(got[0], "no service name") {
			t.Errorf("%s: %d spans, %q", name, set.SpanCount(), got)
		}
	}
	set := openBytes(t, []byte(withResource))
	if root := set.Trace(0).Span(0); root.Service() != "shop" || len(set.Notices()) != 0 {
		t.Errorf("a span with its resource: service %q, %q", root.Service(), noticeTexts(set))
	}
}

// TestTimesOfOtherUnits reads times that can be one unit only, says so, and leaves the first moments of 1970 alone.
func TestTimesOfOtherUnits(t *testing.T) {
	const nanos = 1767225600100000000
	for text, want := range map[string]struct {
		start int64
		unit  string
	}{
		`"1767225600100000000"`:             {nanos, ""},
		`1767225600100000`:                  {nanos, "microseconds"},
		`"1767225600100"`:                   {nanos, "milliseconds"},
		`1767225600100.5`:                   {nanos + 500_000, "milliseconds"},
		`1767225600.1`:                      {nanos, "seconds"},
		`"1767225600"`:                      {1767225600, ""},
		`1500`:                              {1500, ""},
		`"2026-01-01 00:00:00.1 +0000 UTC"`: {nanos, ""},
		`"2026-01-01T00:00:00.1"`:           {nanos, "read as UTC"},
	} {
		document := strings.NewReplacer(`"1767225600000000000"`, text, `"1767225600100000000"`, text).Replace(spelled)
		set := openBytes(t, []byte(document))
		span := set.Trace(0).Span(0)
		notices := strings.Join(noticeTexts(set), "\n")
		if span.Start() != want.start || (want.unit == "") != (notices == "") || !strings.Contains(notices, want.unit) {
			t.Errorf("%s: start %d, want %d; notices %q", text, span.Start(), want.start, notices)
		}
	}
}

// TestIntegersOfAnySize keeps integers that do not fit as they are written, in every place.
func TestIntegersOfAnySize(t *testing.T) {
	const huge = "18446744073709551615"
	attr := func(document string) trace.Value {
		return openBytes(t, []byte(document)).Trace(0).Span(0).Attrs().Get("n")
	}
	otlp := func(value string) string { return strings.ReplaceAll(spelled, `{"intValue":"503"}`, value) }
	for value, want := range map[string]string{
		`{"intValue":"` + huge + `"}`:                             "string " + huge,
		`{"intValue":` + huge + `}`:                               "string " + huge,
		`{"intValue":3.7}`:                                        "float 3.7",
		`{"intValue":1000.0}`:                                     "int 1000",
		`{"intValue":"1e3"}`:                                      "int 1000",
		`{"intValue":"-9223372036854775808"}`:                     "int -9223372036854775808",
		`{"intValue":{"low":503,"high":0}}`:                       "int 503",
		`{"arrayValue":{"values":[{"intValue":"` + huge + `"}]}}`: "json [" + huge + "]",
	} {
		got := attr(otlp(value))
		if said := typeName(got.Type()) + " " + got.String(); said != want {
			t.Errorf("%s: %s, want %s", value, said, want)
		}
	}
	jaeger := `{"data":[{"traceID":"1","spans":[{"traceID":"1","spanID":"1","operationName":"a","startTime":1767225600000000,"duration":1,"processID":"p1",` +
		`"tags":[{"key":"n","type":"int64","value":%s}]}],"processes":{"p1":{"serviceName":"shop"}}}]}`
	for _, value := range []string{huge, `"` + huge + `"`} {
		if got := attr(fmt.Sprintf(jaeger, value)); got.String() != huge {
			t.Errorf("Jaeger %s: %s", value, got)
		}
	}
	python := `{"name":"a","context":{"trace_id":"0x1","span_id":"0x1"},"kind":"SpanKind.INTERNAL","start_time":"2026-01-01T00:00:00Z","attributes":{"n":` + huge + `}}`
	if got := attr(python); got.String() != huge {
		t.Errorf("Python: %s", got)
	}
}

func typeName(kind trace.Type) string {
	return map[trace.Type]string{
		trace.TypeString: "string", trace.TypeInt: "int", trace.TypeFloat: "float", trace.TypeBool: "bool", trace.TypeJSON: "json",
	}[kind]
}

// TestUnknownValuesAreSaid makes sure that no value is lost in silence.
func TestUnknownValuesAreSaid(t *testing.T) {
	set := openBytes(t, []byte(strings.ReplaceAll(spelled, `{"intValue":"503"}`, `{"newValue":{"a":1}}`)))
	if got := set.Trace(0).Span(0).Attrs().Get("n").String(); got != `{"newValue":{"a":1}}` || len(set.Notices()) != 1 {
		t.Errorf("value %q, notices %q", got, noticeTexts(set))
	}
}

// TestServiceNamesThatAreNoStrings takes a number or a boolean for the name that it was before someone parsed it.
func TestServiceNamesThatAreNoStrings(t *testing.T) {
	for value, want := range map[string]string{`{"intValue":"4711"}`: "4711", `{"boolValue":true}`: "true", `{"doubleValue":1.5}`: "1.5", "8080": "8080"} {
		set := openBytes(t, []byte(strings.Replace(spelled, `{"stringValue":"shop"}`, value, 1)))
		if got := set.Trace(0).Span(0).Service(); got != want {
			t.Errorf("%s: service %q", value, got)
		}
	}
}

// TestJavaScriptSpansAsJSON reads what JSON.stringify makes of the objects of the JavaScript SDK.
func TestJavaScriptSpansAsJSON(t *testing.T) {
	const span = `{"traceId":"0af7651916cd43dd8448eb211c80319c","name":"GET /","id":"a000000000000001","kind":1,"timestamp":1767225600000000,` +
		`"duration":27172.333,"attributes":{},"status":{"code":0},"events":[],"resource":%s}`
	const private = `{"_spanContext":{"traceId":"0af7651916cd43dd8448eb211c80319c","spanId":"a000000000000001","traceFlags":1},"kind":1,` +
		`"attributes":{},"links":[],"events":[],"startTime":[1767225600,0],"endTime":[1767225600,27172333],"_duration":[0,27172333],` +
		`"name":"GET /","status":{"code":0},"_ended":true,"resource":%s}`
	for _, document := range []string{span, private} {
		for _, resource := range []string{
			`{"attributes":{"service.name":"shop"}}`,
			`{"_attributes":{"service.name":"shop"},"asyncAttributesPending":false,"_syncAttributes":{"service.name":"shop"}}`,
			`{"_syncAttributes":{},"_attributes":{"service.name":"shop"}}`,
			`{"_rawAttributes":[["service.name","shop"]],"_asyncAttributesPending":false,"_schemaUrl":"https://example.com/1"}`,
			`{"_rawAttributes":[["service.name","shop"]],"_memoizedAttributes":{"service.name":"shop"}}`,
		} {
			set := openBytes(t, []byte(fmt.Sprintf(document, resource)))
			s := set.Trace(0).Span(0)
			if s.Service() != "shop" || s.Duration() != 27172333 || s.Resource().Attrs().Len() != 1 || s.Kind() != trace.KindServer {
				t.Errorf("%s: service %q, %d ns, %d attributes", resource, s.Service(), s.Duration(), s.Resource().Attrs().Len())
			}
		}
	}
}

// TestTimesOfOtherFormats reads times of Zipkin and Jaeger that are not whole microseconds.
func TestTimesOfOtherFormats(t *testing.T) {
	const nanos = 1767225600000123000
	for _, text := range []string{
		"1767225600000123", `"1767225600000123"`, "1767225600000123.0", "1.767225600000123e15", `"176722560000012\u0033"`,
		`"2026-01-01T00:00:00.000123Z"`, `[1767225600,123000]`, `{"low":-1527545733,"high":411464}`,
	} {
		zipkin := `[{"traceId":"1","id":"1","name":"a","timestamp":` + text + `,"duration":"5.5","localEndpoint":{"serviceName":"shop"}}]`
		jaeger := `{"traceID":"1","spans":[{"traceID":"1","spanID":"1","operationName":"a","startTime":` + text +
			`,"duration":5.5,"processID":"p1"}],"processes":{"p1":{"serviceName":"shop"}}}`
		for _, document := range []string{zipkin, jaeger} {
			s := openBytes(t, []byte(document)).Trace(0).Span(0)
			if text[0] == '{' {
				continue
			}
			if s.Start() != nanos || s.Duration() != 5500 {
				t.Errorf("%s: start %d, duration %d\n%s", text, s.Start(), s.Duration(), document)
			}
		}
	}
}

// TestNumbersNestedDeep makes sure that no object that could be a number is read by recursion.
func TestNumbersNestedDeep(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("deep")
	}
	const depth = 1_000_000
	for _, open := range []string{`{"low":`, `[`, `{"seconds":`, `{"value":`, `{"Value":`} {
		deep := strings.Repeat(open, depth) + "1" + strings.Repeat(map[bool]string{true: "]", false: "}"}[open == "["], depth)
		for _, field := range []string{`"1767225600000000000"`, `"a000000000000001"`, `{"intValue":"503"}`, `"503"`} {
			set := openBytes(t, []byte(strings.Replace(spelled, field, deep, 1)))
			if set.SpanCount() != 2 {
				t.Errorf("%s in place of %s: %d spans", open, field, set.SpanCount())
			}
		}
	}
}
