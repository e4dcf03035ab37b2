package unwrap

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

func goOn(int) error { return nil }

// documents returns what stands in a log, without the lines that became empty.
func documents(t testing.TB, log string) (string, Found) {
	t.Helper()
	var out bytes.Buffer
	found, err := Documents(&out, []byte(log), goOn)
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for line := range strings.SplitSeq(out.String(), "\n") {
		if line != "" {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "\n"), found
}

func TestDocuments(t *testing.T) {
	for name, c := range map[string]struct {
		log, want string
		others    int
	}{
		"one behind another": {`INFO {"a":1}{"b":2} done`, "{\"a\":1}\n{\"b\":2}", 0},
		"brackets in strings": {
			"x | {\nx |   \"a\": \"}{\\\"\",\nx |   'b': '{',\nx | }\n", "{\n  \"a\": \"}{\\\"\",\n  'b': '{',\n}", 0},
		"replicas":                {"api-1 | {\napi-2 | {\napi-1 |   \"a\": 1\napi-2 |   \"b\": 2\napi-2 | }\napi-1 | }\n", "{\n  \"a\": 1\n}\n{\n  \"b\": 2\n}", 0},
		"behind a time":           {"00:00:01 a {\n00:00:01 b {\n00:00:02 b   \"b\": 2\n00:00:02 a   \"a\": 1\n00:00:02 a }\n00:00:03 b }\n", "{\n  \"a\": 1\n}\n{\n  \"b\": 2\n}", 0},
		"another in between":      {"a | {\nb | ready\na |   \"k\": 1\nb | {\"one\":1}\na | }\n", "{\n  \"k\": 1\n}\n{\"one\":1}", 1},
		"output in between":       {"a | {\na |   \"k\": [\na | connected to db\na |   ]\na | }\n", "{\n  \"k\": [\n  ]\n}", 1},
		"first is cut short":      {"a | {\na |   \"k\": [\na | {\na |   \"l\": 1\na | }\n", "{\n  \"k\": [\n{\n  \"l\": 1\n}", 0},
		"logger, cut short":       {"INFO: {\n  \"k\": [\nINFO: {\n  \"l\": 1\n}\n", "{\n  \"k\": [\n{\n  \"l\": 1\n}", 0},
		"not indented, cut short": {"INFO: {\n\"k\": [\nINFO: {\n\"l\": 1\n}\n", "{\n\"k\": [\n{\n\"l\": 1\n}", 0},
		"a logger within a service": {
			"a | {\na |   \"k\": [\nINFO: {\n\"x\": 1,\na |   ]\n\"y\": 2\n}\na | }\n", "{\n  \"k\": [\n  ]\n}\n{\n\"x\": 1,\n\"y\": 2\n}", 0},
		"no document":       {"func main() {\n\treturn\n}\nserver {\n\tlisten 80;\n}\n", "", 6},
		"words in brackets": {"[main] {\n[main]   \"a\": 1\n[main] }\n", "{\n  \"a\": 1\n}", 0},
		"empty lines":       {"a | {\na |\na |   \"k\": 1\n\na | }\n", "{\n  \"k\": 1\n}", 0},
		"logfmt":            {`time="00:00:00" msg="{\"a\":1}" level=info`, `{"a":1}`, 0},
		"streams": {
			`{"log":"{\n","stream":"stdout"}` + "\n" + `{"log":"{\"e\":1}\n","stream":"stderr"}` + "\n" + `{"log":"  \"a\": 1\n","stream":"stdout"}` + "\n" +
				`{"log":"}\n","stream":"stdout"}`, "{\n  \"a\": 1\n}\n{\"e\":1}", 0},
		"parts of two streams": {
			"2026-01-01T00:00:00Z stdout P {\"a\"\n2026-01-01T00:00:00Z stderr P {\"b\"\n2026-01-01T00:00:00Z stdout F :1}\n2026-01-01T00:00:00Z stderr F :2}\n",
			"{\"a\":1}\n{\"b\":2}", 0},
		"a part without an end":     {"2026-01-01T00:00:00Z stdout P {\"a\":1}\n", `{"a":1}`, 0},
		"a span that has a message": {`x {"traceId":"1","durationNano":5,"message":"{}"}`, `{"traceId":"1","durationNano":5,"message":"{}"}`, 0},
	} {
		got, found := documents(t, c.log)
		if got != c.want || found.Others != c.others {
			t.Errorf("%s: %q, want %q; %d other lines, want %d", name, got, c.want, found.Others, c.others)
		}
	}
}

// TestLinesKeepTheirNumber makes sure that places in what is read are those of the log.
func TestLinesKeepTheirNumber(t *testing.T) {
	log := "x | start\nx | {\nx |   \"a\": 1\nx | }\nx | go\n\nx | {\"b\":1}\n"
	var out bytes.Buffer
	if _, err := Documents(&out, []byte(log), goOn); err != nil {
		t.Fatal(err)
	}
	if want := "\n{\n  \"a\": 1\n}\n\n\n{\"b\":1}\n"; out.String() != want {
		t.Errorf("%q, want %q", out.String(), want)
	}
}

// TestInterleavedServices mixes the lines of services, each of which prints documents, and finds each document whole.
func TestInterleavedServices(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for range 50 {
		var queues [][]string
		want := map[string]bool{}
		for s := range 1 + rng.IntN(6) {
			var lines []string
			for d := range 5 {
				document := fmt.Sprintf("{\n  \"s\": %d,\n  \"in\": {\n    \"d\": %d\n  }\n}", s, d)
				if rng.IntN(3) == 0 {
					document = fmt.Sprintf(`{"s":%d,"in":{"d":%d}}`, s, d)
				}
				want[document] = true
				lines = append(lines, strings.Split(document, "\n")...)
				lines = append(lines, "ready", "listening on [::]:80")
			}
			for i := range lines {
				lines[i] = fmt.Sprintf("api-%d  | 2026-01-01T00:00:%02d.%dZ %s", s, i, rng.IntN(1000), lines[i])
			}
			queues = append(queues, lines)
		}
		var log strings.Builder
		for len(queues) > 0 {
			q := rng.IntN(len(queues))
			log.WriteString(queues[q][0] + "\n")
			if queues[q] = queues[q][1:]; len(queues[q]) == 0 {
				queues = append(queues[:q], queues[q+1:]...)
			}
		}
		got, found := documents(t, log.String())
		for document := range want {
			if !strings.Contains("\n"+got+"\n", "\n"+document+"\n") {
				t.Fatalf("%s is missing in\n%s", document, got)
			}
		}
		if found.Documents != len(want) || found.Wrapped != len(want) {
			t.Errorf("%d documents, %d wrapped, want %d", found.Documents, found.Wrapped, len(want))
		}
	}
}

// TestWhatWaitsIsBounded cuts the document short that others wait for, when they become too much.
func TestWhatWaitsIsBounded(t *testing.T) {
	line := `b | {"k":"` + strings.Repeat("x", 1<<20) + `"}` + "\n"
	log := "a | {\na |   \"k\": [\n" + strings.Repeat(line, 70)
	var out most
	if _, err := Documents(&out, []byte(log), goOn); err != nil {
		t.Fatal(err)
	}
	if out.largest > heldMost+2<<20 || out.n < 70<<20 {
		t.Errorf("%d bytes at once, %d in all", out.largest, out.n)
	}
}

type most struct{ largest, n int }

func (m *most) Write(p []byte) (int, error) {
	m.largest, m.n = max(m.largest, len(p)), m.n+len(p)
	return len(p), nil
}

// TestManyOpenDocuments takes time that grows with the size of the log, however many documents are cut short.
func TestManyOpenDocuments(t *testing.T) {
	var log strings.Builder
	for i := range 200_000 {
		fmt.Fprintf(&log, "s%d | {\n", i)
	}
	log.WriteString(strings.Repeat("[", 1_000_000) + "\n" + strings.Repeat(`{"a":`, 1_000_000))
	if _, found := documents(t, log.String()); found.Documents > 2 {
		t.Errorf("%d documents", found.Documents)
	}
}

func TestPauseEndsIt(t *testing.T) {
	stop := errors.New("stop")
	if _, err := Documents(&bytes.Buffer{}, []byte("a\n"), func(int) error { return stop }); !errors.Is(err, stop) {
		t.Errorf("Documents: %v", err)
	}
	if err := Decode(&bytes.Buffer{}, []byte("a\x00"), "UTF-16LE", func(int) error { return stop }); !errors.Is(err, stop) {
		t.Errorf("Decode: %v", err)
	}
}

func TestEncoding(t *testing.T) {
	for text, want := range map[string]string{
		"\xff\xfe{\x00": "UTF-16LE", "\xfe\xff\x00{": "UTF-16BE", "{\x00\n\x00": "UTF-16LE", "\x00[\x00{": "UTF-16BE",
		"{\"a\":1}": "", "\x00\x00\x00{": "", "\x00\x00\x00\x05{\x00": "", "": "", "{": "", "\x0a\x00": "", "\x0a\x00\x12\x00": "", "\xff\xfe\x00\x00{\x00\x00\x00": "",
	} {
		if got := Encoding([]byte(text)); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func TestDecode(t *testing.T) {
	var out bytes.Buffer
	in := "\xff\xfea\x00\x3d\xd8\x00\xde\x00\xd8b\x00c" // a, a pair, half a pair, b, a single byte
	if err := Decode(&out, []byte(in), "UTF-16LE", goOn); err != nil || out.String() != "a\U0001f600\ufffdb" {
		t.Errorf("%q, %v", out.String(), err)
	}
}

func FuzzDocuments(f *testing.F) {
	f.Add([]byte("a | {\na |  \"k\": 1\nb | {\"log\":\"{\\\"x\\\":[\\n\",\"stream\":\"x\"}\na | }\n"))
	f.Add([]byte("2026-01-01T00:00:00Z stdout P {\"a\"\n2026-01-01T00:00:00Z stdout F :1}\n\x1b[31mx\x1b[0m msg=\"{\\\"a\\\":1}\"\n"))
	f.Add([]byte(`{"MESSAGE":[123,34,97,34,58,49,125]}` + "\n[{\n"))
	f.Fuzz(func(t *testing.T, log []byte) {
		var one, two bytes.Buffer
		found, err := Documents(&one, log, goOn)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := Documents(&two, bytes.Clone(log), goOn); err != nil || !bytes.Equal(one.Bytes(), two.Bytes()) {
			t.Fatalf("%v, or it differs from time to time", err)
		}
		if found.Wrapped > found.Documents || one.Len() > 4*len(log)+16 {
			t.Fatalf("%+v, %d bytes of %d", found, one.Len(), len(log))
		}
		_ = Decode(&two, log, "UTF-16BE", goOn)
	})
}

// TestOpeningIsTheFirst holds where a line opens a document against asking at every place of it.
func TestOpeningIsTheFirst(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	found := 0
	for range 20_000 {
		line := make([]byte, r.IntN(12))
		for i := range line {
			line[i] = `[[{ "a`[r.IntN(6)]
		}
		want := -1
		for i, c := range line {
			if (c == '[' || c == '{') && opens(line[i:]) {
				want = i
				found++
				break
			}
		}
		if at, _ := opening(line, 0); at != want {
			t.Fatalf("%q opens a document at %d, want %d", line, at, want)
		}
	}
	if found < 1000 {
		t.Errorf("only %d lines open a document", found)
	}
}
