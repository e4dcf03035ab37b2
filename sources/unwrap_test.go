package sources

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"tracefall/sources/trace"
)

// inspectSpans is what Node prints of two spans, as the JavaScript SDK's console exporter gives them to it.
const inspectSpans = `{
  resource: { attributes: { 'service.name': 'shop' } },
  instrumentationScope: { name: 'lib', version: undefined, schemaUrl: undefined },
  traceId: '0af7651916cd43dd8448eb211c80319c',
  parentSpanContext: undefined,
  traceState: undefined,
  name: 'GET /cart it\'s {',
  id: 'a000000000000001',
  kind: 1,
  timestamp: 1767225600000000,
  duration: 100000,
  attributes: { 'http.status_code': 503 },
  status: { code: 2 },
  events: [],
  links: []
}
{
  resource: {
    attributes: {
      'service.name': 'shop'
    }
  },
  traceId: '0af7651916cd43dd8448eb211c80319c',
  parentSpanContext: {
    traceId: '0af7651916cd43dd8448eb211c80319c',
    spanId: 'a000000000000001',
    traceFlags: 1
  },
  name: 'SELECT',
  id: 'a000000000000002',
  kind: 2,
  timestamp: 1767225600010000,
  duration: 50000,
  attributes: {},
  status: { code: 0 },
  events: []
}
`

// wrappedShops are what is put into wrappers: documents of each format, of one line and of many.
func wrappedShops(t *testing.T) map[string]string {
	inside := map[string]string{"inspect": inspectSpans}
	for _, name := range []string{
		"shop.otlp.jsonl", "shop.concat.json", "shop.console-python.json", "shop.stdouttrace-pretty.json", "shop.stdouttrace.json",
		"shop.jaeger.json", "shop.zipkin.json", "shop.apiv3-chunks.json", "shop.tempo.json", "shop.es-bulk.ndjson", "shop.snake.json",
	} {
		inside[name] = string(fileBytes(t, shop(t, name)))
	}
	for _, name := range []string{"shop.jaeger.json", "shop.zipkin.json"} {
		var pretty bytes.Buffer
		if err := json.Indent(&pretty, []byte(inside[name]), "", "\t"); err != nil {
			t.Fatal(err)
		}
		inside["pretty "+name] = pretty.String()
	}
	return inside
}

// eachLine wraps each line by itself; n counts them.
func eachLine(wrap func(n int, line string) string) func(string) string {
	return func(text string) string {
		var out strings.Builder
		for n, line := range strings.Split(strings.TrimSuffix(text, "\n"), "\n") {
			out.WriteString(wrap(n, line) + "\n")
		}
		return out.String()
	}
}

// firstLine puts a prefix before each document, as a logger does before each message.
func firstLine(prefix func(n int) string) func(string) string {
	return eachLine(func(n int, line string) string {
		if line != "" && (line[0] == '{' || line[0] == '[') {
			return prefix(n) + line
		}
		return line
	})
}

func quote(text string) string {
	out, err := json.Marshal(text)
	if err != nil {
		panic(err)
	}
	return string(out)
}

// clock is a time that differs from line to line, in its length too.
func clock(n int) string {
	return strings.TrimRight(fmt.Sprintf("2026-01-01T%02d:%02d:%02d.%03d", n/3600%24, n/60%60, n%60, n*37%1000), "0")
}

// inParts cuts a line as container runtimes do, into records of some bytes.
func inParts(line string, size int, record func(part string, last bool) string) string {
	var out strings.Builder
	for {
		if len(line) <= size {
			return out.String() + record(line, true)
		}
		end := size
		for !utf8.RuneStart(line[end]) {
			end--
		}
		out.WriteString(record(line[:end], false) + "\n")
		line = line[end:]
	}
}

func docker(text string) string {
	return `{"log":` + quote(text) + `,"stream":"stdout","time":"2026-01-01T00:00:00.1Z"}`
}

var wrappers = map[string]func(string) string{
	"Docker": eachLine(func(_ int, line string) string { return docker(line + "\n") }),
	"Docker with CRLF": eachLine(func(_ int, line string) string {
		return strings.ReplaceAll(docker(line+"\r\n"), `,"stream"`, `, "stream"`) + "\r"
	}),
	"Docker in parts": eachLine(func(_ int, line string) string {
		return inParts(line, 1000, func(part string, last bool) string {
			if last {
				part += "\n"
			}
			return docker(part)
		})
	}),
	"CRI": eachLine(func(n int, line string) string { return clock(n) + "Z stdout F " + line }),
	"CRI in parts": eachLine(func(n int, line string) string {
		return inParts(line, 1000, func(part string, last bool) string {
			return clock(n) + "+01:00 stderr " + map[bool]string{true: "F", false: "P"}[last] + " " + part
		})
	}),
	"Compose":            eachLine(func(_ int, line string) string { return "api-1  | " + line }),
	"Compose, coloured":  eachLine(func(_ int, line string) string { return "\x1b[36mapi-1  | \x1b[0m" + line }),
	"Compose with times": eachLine(func(n int, line string) string { return "api-1  | " + clock(n) + "Z " + line }),
	"Compose, trimmed":   eachLine(func(_ int, line string) string { return strings.TrimRight("shop_api_1        | "+line, " ") }),
	"kubectl":            eachLine(func(_ int, line string) string { return "[pod/api-7d9f8b6c5-x2z4q/api] " + line }),
	"kubectl with times": eachLine(func(n int, line string) string { return "[pod/api-7d9f8b6c5-x2z4q/api] " + clock(n) + "Z " + line }),
	"stern":              eachLine(func(_ int, line string) string { return "api-7d9f8b6c5-x2z4q api " + line }),
	"times in brackets":  eachLine(func(n int, line string) string { return "[" + clock(n) + "Z] " + line }),
	"bare times":         eachLine(func(n int, line string) string { return clock(n) + "Z " + line }),
	"ts, local": eachLine(func(n int, line string) string {
		return fmt.Sprintf("Jan 01 %02d:%02d:%02d ", n/3600%24, n/60%60, n%60) + line
	}),
	"journald, short": eachLine(func(n int, line string) string {
		return fmt.Sprintf("Jan 01 %02d:%02d:%02d host shop[4711]: ", n/3600%24, n/60%60, n%60) + line
	}),
	"syslog": eachLine(func(n int, line string) string { return "<14>1 " + clock(n) + "Z host shop 4711 - - " + line }),
	"journald, JSON": eachLine(func(n int, line string) string {
		return fmt.Sprintf(`{"__CURSOR":"s=%d","_PID":"4711","MESSAGE":%s,"PRIORITY":"6"}`, n, quote(line))
	}),
	"journald, bytes": eachLine(func(_ int, line string) string {
		numbers := make([]int, len(line))
		for i := range numbers {
			numbers[i] = int(line[i])
		}
		list, _ := json.Marshal(numbers)
		return `{"MESSAGE":` + string(list) + `,"_PID":"1"}`
	}),
	"journald, export": eachLine(func(n int, line string) string { return fmt.Sprintf("__CURSOR=s=%d\n_PID=4711\nMESSAGE=%s\n", n, line) }),
	"zap": eachLine(func(n int, line string) string {
		return fmt.Sprintf(`{"level":"info","ts":%d.5,"caller":"a/b.go:12","msg":%s}`, 1767225600+n, quote(line))
	}),
	"logrus JSON": eachLine(func(n int, line string) string {
		return fmt.Sprintf(`{"level":"info","message":%s,"time":%q}`, quote(line), clock(n))
	}),
	"logrus text": eachLine(func(n int, line string) string {
		if line == "" || line[0] != '{' && line[0] != '[' || line[len(line)-1] != '}' && line[len(line)-1] != ']' {
			return line // documents of one line only
		}
		return fmt.Sprintf("time=%q level=info msg=%s", clock(n), quote(line))
	}),
	"Java agent": firstLine(func(n int) string {
		return fmt.Sprintf("[otel.javaagent 2026-01-01 00:00:%02d:%03d +0000] [BatchSpanProcessor_WorkerThread-1] INFO "+
			"io.opentelemetry.exporter.logging.otlp.internal.traces.OtlpJsonLoggingSpanExporter - ", n%60, n%1000)
	}),
	"java.util.logging": firstLine(func(int) string {
		return "Jan 01, 2026 12:00:00 AM io.opentelemetry.exporter.logging.otlp.OtlpJsonLoggingSpanExporter export\nINFO: "
	}),
	"Spring": firstLine(func(n int) string {
		return clock(n) + "+01:00  INFO 4711 --- [shop] [  restartedMain] c.e.shop.Exporter                 : "
	}),
	"Logback": firstLine(func(n int) string { return fmt.Sprintf("00:00:%02d.%03d [main] INFO  c.e.Shop - ", n%60, n%1000) }),
	"Log4j":   eachLine(func(n int, line string) string { return clock(n) + " [main] INFO  c.e.Shop - " + line }),
	"Python":  firstLine(func(int) string { return "INFO:root:" }),
	"Python with times": eachLine(func(n int, line string) string {
		return fmt.Sprintf("2026-01-01 00:00:%02d,%03d - shop - INFO - ", n%60, n%1000) + line
	}),
	"Docker of Compose of time": eachLine(func(n int, line string) string { return docker("api-1  | [" + clock(n) + "] " + line + "\n") }),
	"Compose of zap":            eachLine(func(_ int, line string) string { return `api-1  | {"level":"info","msg":` + quote(line) + `}` }),
	"JSON strings": eachLine(func(_ int, line string) string {
		if line == "" || line[0] != '{' && line[0] != '[' || line[len(line)-1] != '}' && line[len(line)-1] != ']' {
			return line
		}
		return quote(line)
	}),
	"a mark and times": func(text string) string {
		return "\ufeff" + eachLine(func(n int, line string) string { return clock(n) + "0000Z " + line })(text)
	},
	"quoted in a mail": eachLine(func(_ int, line string) string { return "> " + line }),
	"a patch":          eachLine(func(_ int, line string) string { return "+" + line }),
	"coloured":         func(text string) string { return strings.ReplaceAll("\x1b[1;39m"+text, ": ", ": \x1b[0;32m") },
	"Heroku":           eachLine(func(n int, line string) string { return clock(n) + "000+00:00 app[web.1]: " + line }),
	"Swarm":            eachLine(func(_ int, line string) string { return "shop_api.1.x7d9f8b6c5@node-1    | " + line }),
	"pm2":              eachLine(func(_ int, line string) string { return "0|api      | " + line }),
	"UTF-16LE": func(text string) string {
		return inUTF16(binary.LittleEndian, "\ufeff"+strings.ReplaceAll(text, "\n", "\r\n"))
	},
	"UTF-16BE":                func(text string) string { return inUTF16(binary.BigEndian, "\ufeff"+text) },
	"UTF-16LE without a mark": func(text string) string { return inUTF16(binary.LittleEndian, text) },
	"UTF-16BE without a mark": func(text string) string { return inUTF16(binary.BigEndian, "\r\n"+text) },
	"UTF-16LE of Compose": func(text string) string {
		return inUTF16(binary.LittleEndian, "\ufeffapi-1 | "+strings.ReplaceAll(strings.TrimSpace(text), "\n", "\r\napi-1 | "))
	},
	"byte-order mark":      func(text string) string { return "\ufeff" + text },
	"blank lines":          func(text string) string { return "\r\n\n \t\n" + text },
	"blank lines and CRLF": func(text string) string { return "\n\n\n\n\n" + strings.ReplaceAll(text, "\n", "\r\n") + "\r\n \r\n" },
	"curl -i": func(text string) string {
		return "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nDate: Thu, 01 Jan 2026 00:00:00 GMT\r\n\r\n" + text
	},
	"kubectl's banner":  func(text string) string { return "Defaulted container \"api\" out of: api, proxy\n" + text },
	"words in brackets": func(text string) string { return "[info] started [8080]\n[2026-01-01 00:00:00] listening\n" + text },
}

func inUTF16(order binary.AppendByteOrder, text string) string {
	var out []byte
	for _, unit := range utf16.Encode([]rune(text)) {
		out = order.AppendUint16(out, unit)
	}
	return string(out)
}

// TestWrappers opens documents of each format within each wrapper.
func TestWrappers(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("many runs")
	}
	for inside, text := range wrappedShops(t) {
		plain := openBytes(t, []byte(text))
		want := describeSet(plain)
		for name, wrap := range wrappers {
			if (name == "logrus text" || name == "JSON strings") && !strings.Contains(text[:100], `":`) || name == "coloured" && strings.Contains(text, `»`) {
				continue
			}
			result, err := Open(context.Background(), []string{"-"}, Options{Stdin: strings.NewReader(wrap(text))})
			if err != nil {
				t.Errorf("%s within %s: %.200s", inside, name, err)
				continue
			}
			if diff := cmp.Diff(want, describeSet(result.Set)); diff != "" {
				t.Errorf("%s within %s (-plain +wrapped): %.500s\n%q", inside, name, diff, noticeTexts(result.Set))
			}
			if n := len(result.Set.Notices()) - len(plain.Notices()); n > 2 {
				t.Errorf("%s within %s: %d more notices, of %q", inside, name, n, noticeTexts(result.Set))
			}
			if err := result.Set.Close(); err != nil {
				t.Error(err)
			}
		}
	}
}

// TestInterleavedLogs reads what two replicas and a database printed at the same time.
func TestInterleavedLogs(t *testing.T) {
	text := string(fileBytes(t, shop(t, "shop.console-python.json")))
	half := strings.Index(text[len(text)/2:], "\n{") + len(text)/2 + 1
	queues := [][]string{strings.Split(text[:half-1], "\n"), strings.Split(strings.TrimSpace(text[half:]), "\n")}
	var log strings.Builder
	for i := range max(len(queues[0]), len(queues[1])) {
		for q, lines := range queues {
			if i < len(lines) {
				fmt.Fprintf(&log, "api-%d  | %s\n", q+1, lines[i])
			}
		}
		if i%10 == 0 {
			log.WriteString("db-1   | 2026-01-01 00:00:00 UTC [1] LOG:  checkpoint {starting}\n")
		}
	}
	set := openBytes(t, []byte(log.String()))
	if diff := cmp.Diff(describeSet(openBytes(t, []byte(text))), describeSet(set)); diff != "" {
		t.Errorf("(-plain +interleaved): %s", diff)
	}
	if got := noticeTexts(set); !strings.Contains(got[0], "read from Docker Compose logs; ") || !strings.Contains(got[0], "other lines skipped") {
		t.Errorf("notices %q", got)
	}
}

// TestOtherOutputIsCounted says in one notice how many lines are no documents, wherever they stand.
func TestOtherOutputIsCounted(t *testing.T) {
	log := strings.Repeat("api-1  | listening\n", 1500) + "api-1  | " + spelled + "\napi-1  | [warn] late {\napi-1  | bye\n"
	set := openBytes(t, []byte(log))
	if got := noticeTexts(set); len(got) != 1 || set.SpanCount() != 2 || !strings.Contains(got[0], "Docker Compose logs; 1,502 other lines skipped") {
		t.Errorf("%d spans, notices %q", set.SpanCount(), got)
	}
}

// TestPlacesInLogs makes sure that a notice names the line of the log itself.
func TestPlacesInLogs(t *testing.T) {
	bad := strings.Replace(spelled, `"kind":2`, `"kind":"odd"`, 1)
	set := openBytes(t, []byte("a | hello\na | there\na | "+spelled+"\na | x\na | "+bad+"\n"))
	if got := strings.Join(noticeTexts(set), "\n"); !strings.Contains(got, "kind not readable, expected a span kind (line 5, ") {
		t.Errorf("notices %s", got)
	}
}

// TestLogsWithoutTraces says what the log is and what was found inside.
func TestLogsWithoutTraces(t *testing.T) {
	for log, want := range map[string]string{
		docker("hello\n") + "\n":                              "is a log (Docker log records); the content looks like plain text",
		docker(`{"a":1}`+"\n") + "\n":                         "is a log (Docker log records); the content is JSON, but not a supported trace format",
		docker("<html>\n") + "\n":                             "is a log (Docker log records); the content looks like HTML",
		docker(`{"resourceSpans":[{"a":1}]}`+"\n") + "\n":     "is a log (Docker log records); the content contains no spans",
		docker(`{"resourceLogs":[]}`+"\n") + "\n":             "is a log (Docker log records); the content contains no spans: log records",
		"2026-01-01T00:00:00.1Z stdout F hello\n":             "is a log (CRI log lines); the content looks like plain text",
		"api-1  | hello\ndb-1   | ready\n":                    "is a log (Docker Compose logs); the content looks like plain text",
		`{"MESSAGE":"started","_PID":"1"}` + "\n":             "is a log (journald records); the content looks like plain text",
		`{"level":"info","msg":"started"}` + "\n":             "is JSON, but not a supported trace format",
		"[2026-01-01T00:00:00Z] started\n":                    "looks like plain text",
		inUTF16(binary.LittleEndian, "\ufeffhello\r\n"):       "looks like plain text",
		"| a | b |\n|---|---|\n| c | d |\n":                   "looks like plain text",
		"func main() {\n\tx := map[string]int{\"a\": 1}\n}\n": "looks like",
	} {
		_, err := Open(context.Background(), []string{"-"}, Options{Stdin: strings.NewReader(log)})
		if err == nil || !strings.Contains(err.Error(), ": "+want) {
			t.Errorf("%q: %v, want %q", log, err, want)
		}
	}
}

// TestBytesBehindCompressedData reads all of what was compressed, and says that something else follows.
func TestBytesBehindCompressedData(t *testing.T) {
	plain := benchLines(t, 500)
	want := describeSet(openBytes(t, plain))
	member := func(n, m int) []byte { return gzipped(t, plain[n:m]) }
	for name, c := range map[string]struct {
		data   []byte
		notice string
	}{
		"NULs":                 {append(gzipped(t, plain), make([]byte, 512)...), "bytes behind the gzip data ignored"},
		"text":                 {append(gzipped(t, plain), "\r\nbye"...), "bytes behind the gzip data ignored"},
		"one byte":             {append(gzipped(t, plain), 0x1f), "bytes behind the gzip data ignored"},
		"members and NULs":     {concat(member(0, 1000), member(1000, 1000), member(1000, len(plain)), make([]byte, 1)), "bytes behind the gzip data ignored"},
		"empty members":        {concat(bytes.Repeat(gzipped(t, nil), 300), gzipped(t, plain)), ""},
		"gzip in gzip":         {gzipped(t, gzipped(t, plain)), ""},
		"behind both":          {append(gzipped(t, append(gzipped(t, plain), 0, 0)), 0), "bytes behind the gzip data ignored"},
		"zstd and NULs":        {append(zstded(t, plain), make([]byte, 100)...), "bytes behind the zstd data ignored"},
		"zstd frames":          {append(zstded(t, plain[:1000]), zstded(t, plain[1000:])...), ""},
		"gzip of UTF-16":       {gzipped(t, []byte(inUTF16(binary.LittleEndian, "\ufeff"+string(plain)))), "UTF-16LE"},
		"gzip of a Docker log": {gzipped(t, []byte(wrappers["Docker in parts"](string(plain)))), "Docker log records"},
	} {
		for how, got := range map[string]*trace.Set{"file": open(t, Options{}, writeFile(t, "a", c.data)), "stdin": openBytes(t, c.data)} {
			if diff := cmp.Diff(want, describeSet(got)); diff != "" {
				t.Errorf("%s as %s: %.300s", name, how, diff)
			}
			notices := strings.Join(noticeTexts(got), "\n")
			if (c.notice == "") != (notices == "") || !strings.Contains(notices, c.notice) || strings.Contains(notices, "damaged") {
				t.Errorf("%s as %s: notices %q", name, how, notices)
			}
		}
	}
}

// TestUnwrappingStaysOutOfTheWay makes sure that a file that begins with a document is read where it lies.
func TestUnwrappingStaysOutOfTheWay(t *testing.T) {
	for name, text := range wrappedShops(t) {
		data := []byte(text)
		in := &input{name: name, data: data}
		o := newOpening(context.Background(), Options{})
		if err := o.unwrap(trace.NewBuilder(), in); err != nil || &in.data[0] != &data[0] || in.wrapping != nil || len(in.notes) != 0 {
			t.Errorf("%s: %v, %d notes", name, err, len(in.notes))
		}
	}
}
