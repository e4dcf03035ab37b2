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
	"pm2":                       eachLine(func(_ int, line string) string { return "0|api      | " + line }),
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
	for inside, text := range wrappedShops(t) {
		plain := openBytes(t, []byte(text))
		want := describeSet(plain)
		for name, wrap := range wrappers {
			if name == "logrus text" && !strings.Contains(text[:100], `":`) {
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
