package tracetest

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"tracefall/sources/trace"
)

// Epoch is the start of every trace's clock: 0ms in the notation, in nanoseconds since 1970.
const Epoch = 1_772_460_131_000_000_000 // 2026-03-02T14:02:11Z

// Set parses the notation and builds the traces; a mistake in it fails the test.
func Set(t testing.TB, text string) *trace.Set {
	t.Helper()
	s, err := Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// One is Set for a single trace.
func One(t testing.TB, text string) *trace.Trace {
	t.Helper()
	s := Set(t, text)
	if s.Len() != 1 {
		t.Fatalf("the notation holds %d traces, want 1", s.Len())
	}
	return s.Trace(0)
}

// Parse builds the traces of the notation.
func Parse(text string) (*trace.Set, error) {
	s, _, err := ParseLines(text)
	return s, err
}

// Line is a line of the notation that made a span, with its comment: where tests write what they want.
type Line struct {
	Number  int // from 1
	Trace   trace.TraceID
	Span    trace.SpanID // of the first copy, where the line is repeated
	Comment string
}

// ParseLines is Parse, and tells which line made which span.
func ParseLines(text string) (*trace.Set, []Line, error) {
	p := parser{b: trace.NewBuilder(), id: trace.TraceID{Lo: 1}}
	p.b.Input("test")
	lines, err := split(text)
	if err != nil {
		return nil, nil, err
	}
	if err := p.lines(lines, 0); err != nil {
		return nil, nil, err
	}
	p.flush()
	return p.b.Build(), p.made, nil
}

// line is one line of the notation, cut into words.
type line struct {
	number  int
	depth   int
	words   []string
	comment string
}

func split(text string) ([]line, error) {
	var lines []line
	for i, raw := range strings.Split(text, "\n") {
		raw = strings.ReplaceAll(raw, "\t", "  ")
		words, comment, err := cut(raw)
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", i+1, err)
		}
		if len(words) == 0 {
			continue
		}
		indent := len(raw) - len(strings.TrimLeft(raw, " "))
		lines = append(lines, line{i + 1, indent / 2, words, comment})
	}
	if len(lines) > 0 {
		base := lines[0].depth
		for i := range lines {
			lines[i].depth = max(lines[i].depth-base, 0)
		}
	}
	return lines, nil
}

// cut splits a line at spaces outside quotes and takes off the comment. Quotes stay.
func cut(raw string) (words []string, comment string, err error) {
	for i := 0; i < len(raw); {
		switch {
		case raw[i] == ' ':
			i++
		case strings.HasPrefix(raw[i:], "//"):
			return words, strings.TrimSpace(raw[i+2:]), nil
		default:
			from := i
			for quoted := false; i < len(raw) && (quoted || raw[i] != ' '); i++ {
				if raw[i] == '"' && (i == from || raw[i-1] != '\\') {
					quoted = !quoted
				}
			}
			words = append(words, raw[from:i])
		}
	}
	if n := strings.Count(strings.Join(words, ""), `"`) - strings.Count(strings.Join(words, ""), `\"`); n%2 != 0 {
		return nil, "", fmt.Errorf("a quote is not closed")
	}
	return words, "", nil
}

type parser struct {
	b     *trace.Builder
	id    trace.TraceID
	next  uint64
	path  []trace.SpanID // ids of the open spans by depth
	open  bool           // raw holds a span that was not added yet, because events may follow
	raw   trace.RawSpan
	shift time.Duration // of the repetition
	made  []Line
}

// lines reads lines; i is the number of the repetition that they are in.
func (p *parser) lines(lines []line, i int) error {
	for n := 0; n < len(lines); n++ {
		l := lines[n]
		times, every, words, err := repetition(l.words)
		if err != nil {
			return fmt.Errorf("line %d: %w", l.number, err)
		}
		if times == 0 {
			if err := p.line(l, i); err != nil {
				return fmt.Errorf("line %d: %w", l.number, err)
			}
			continue
		}
		block := []line{{l.number, l.depth, words, l.comment}}
		for n+1 < len(lines) && lines[n+1].depth > l.depth {
			n++
			block = append(block, lines[n])
		}
		before := p.shift
		for k := range times {
			if err := p.lines(block, k+1); err != nil {
				return err
			}
			p.shift += every
		}
		p.shift = before
	}
	return nil
}

// repetition finds repeat=N and every=DURATION, by default the line's own duration, and removes them.
func repetition(words []string) (times int, every time.Duration, rest []string, err error) {
	for _, w := range words {
		switch key, value, _ := strings.Cut(w, "="); {
		case key == "repeat":
			if times, err = strconv.Atoi(value); err != nil || times < 1 {
				return 0, 0, nil, fmt.Errorf("repeat=%s: expected a positive number", value)
			}
		case key == "every":
			if every, err = time.ParseDuration(value); err != nil {
				return 0, 0, nil, err
			}
		default:
			rest = append(rest, w)
		}
	}
	if times > 0 && every == 0 && len(rest) > 3 {
		every, err = time.ParseDuration(strings.TrimPrefix(rest[3], "+"))
	}
	return times, every, rest, err
}

func (p *parser) line(l line, i int) error {
	words := make([]string, len(l.words))
	for n, w := range l.words {
		words[n] = strings.ReplaceAll(w, "{i}", strconv.Itoa(i))
	}
	switch words[0] {
	case "trace":
		if len(words) != 2 {
			return fmt.Errorf("expected: trace ID")
		}
		p.flush()
		p.id, p.path = trace.ParseTraceID(words[1]), p.path[:0]
		return nil
	case "event":
		return p.event(words)
	case "link", "follows":
		return p.link(words)
	}
	if err := p.span(l.depth, words); err != nil {
		return err
	}
	if i < 2 {
		p.made = append(p.made, Line{l.number, p.id, p.raw.ID, l.comment})
	}
	return nil
}

// flush adds the span whose events have all been read.
func (p *parser) flush() {
	if p.open {
		p.b.Add(&p.raw)
	}
	p.open = false
}

func (p *parser) span(depth int, words []string) error {
	if len(words) < 4 || !strings.HasPrefix(words[3], "+") {
		return fmt.Errorf("expected: SERVICE NAME START +DURATION key=value …, got %q", strings.Join(words, " "))
	}
	start, err := time.ParseDuration(words[2])
	if err != nil {
		return err
	}
	duration, err := time.ParseDuration(words[3][1:])
	if err != nil {
		return err
	}
	p.flush()
	if depth > len(p.path) {
		return fmt.Errorf("indented by more than one level")
	}
	p.next++
	r := &p.raw
	r.Reset()
	r.Trace, r.ID = p.id, trace.SpanID{N: p.next}
	r.Name = p.b.Symbol([]byte(text(words[1])))
	r.Start, r.Duration = Epoch+int64(start+p.shift), int64(duration)
	if depth > 0 {
		r.Parent = p.path[depth-1]
	}
	resource := []trace.Attr{p.b.String(p.b.Symbol([]byte("service.name")), []byte(text(words[0])))}
	scope := trace.Symbol(0)
	for _, w := range words[4:] {
		key, value, ok := strings.Cut(w, "=")
		if !ok {
			return fmt.Errorf("expected key=value, got %q", w)
		}
		if rest, ok := strings.CutPrefix(key, "resource."); ok {
			resource = append(resource, p.attr(rest, value))
			continue
		}
		if key == "scope" {
			scope = p.b.Symbol([]byte(text(value)))
			continue
		}
		if err := p.field(key, value); err != nil {
			return err
		}
	}
	r.Origin = p.b.Origin(p.b.Resource(resource, 0), p.b.Scope(scope, 0, nil, 0))
	p.path = append(p.path[:depth], r.ID)
	p.open = true
	return nil
}

// field sets what the key names, or adds an attribute.
func (p *parser) field(key, value string) error {
	r, ok := &p.raw, true
	switch key {
	case "kind":
		r.Kind, ok = trace.ParseKind(value)
	case "status":
		r.Status, ok = trace.ParseStatus(value)
	case "error":
		r.Status, r.Message = trace.StatusError, p.b.String(0, []byte(text(value)))
	case "id":
		r.ID = trace.ParseSpanID(text(value))
	case "parent":
		r.Parent = trace.ParseSpanID(text(value))
	case "remote":
		if r.ParentAt = trace.ParentLocal; value == "true" {
			r.ParentAt = trace.ParentRemote
		}
	default:
		r.Attrs = append(r.Attrs, p.attr(key, value))
	}
	if !ok {
		return fmt.Errorf("%s=%s is unknown", key, value)
	}
	return nil
}

func (p *parser) attr(key, value string) trace.Attr {
	k := p.b.Symbol([]byte(key))
	if n, err := strconv.ParseInt(value, 10, 64); err == nil {
		return trace.Int(k, n)
	}
	if f, err := strconv.ParseFloat(value, 64); err == nil {
		return trace.Float(k, f)
	}
	if value == "true" || value == "false" {
		return trace.Bool(k, value == "true")
	}
	return p.b.String(k, []byte(text(value)))
}

func (p *parser) event(words []string) error {
	if !p.open || len(words) < 3 {
		return fmt.Errorf("expected, below a span: event NAME TIME key=value …")
	}
	at, err := time.ParseDuration(words[2])
	if err != nil {
		return err
	}
	e := trace.RawEvent{Name: p.b.Symbol([]byte(text(words[1]))), Time: Epoch + int64(at+p.shift)}
	for _, w := range words[3:] {
		key, value, _ := strings.Cut(w, "=")
		e.Attrs = append(e.Attrs, p.attr(key, value))
	}
	p.raw.Events = append(p.raw.Events, e)
	return nil
}

// link reads "link TRACE SPAN" and "follows SPAN", a FOLLOWS_FROM reference within the trace.
func (p *parser) link(words []string) error {
	if !p.open || len(words) < 2 {
		return fmt.Errorf("expected, below a span: link TRACE SPAN, or: follows SPAN")
	}
	l := trace.RawLink{Trace: p.id, Span: trace.ParseSpanID(words[len(words)-1]), Kind: trace.LinkFollowsFrom}
	if words[0] == "link" {
		l.Trace, l.Kind = trace.ParseTraceID(words[1]), trace.LinkPlain
	}
	p.raw.Links = append(p.raw.Links, l)
	return nil
}

func text(word string) string {
	if s, err := strconv.Unquote(word); err == nil {
		return s
	}
	return word
}
