package sources

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sort"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/klauspost/compress/gzip"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"tracefall/sources/jsonscan"
	"tracefall/sources/trace"
)

// The collector's own unmarshaler is the oracle: a span is described from its data and from ours, and the
// descriptions must be equal.

func describePdata(td ptrace.Traces) []string {
	var all []string
	for _, rs := range td.ResourceSpans().All() {
		for _, ss := range rs.ScopeSpans().All() {
			for _, s := range ss.Spans().All() {
				var b strings.Builder
				trace, id, parent := s.TraceID(), s.SpanID(), s.ParentSpanID()
				fmt.Fprintf(&b, "%x/%x<%x %q kind=%d status=%d %q state=%q start=%d dropped=%d,%d,%d",
					trace[:], id[:], parent[:], s.Name(), s.Kind(), s.Status().Code(), s.Status().Message(), s.TraceState().AsRaw(),
					s.StartTimestamp(), s.DroppedAttributesCount(), s.DroppedEventsCount(), s.DroppedLinksCount())
				if flags := s.Flags(); flags&0x100 != 0 {
					fmt.Fprintf(&b, " remote=%v", flags&0x200 != 0)
				}
				if s.EndTimestamp() != 0 && s.StartTimestamp() != 0 && s.EndTimestamp() >= s.StartTimestamp() {
					fmt.Fprintf(&b, " duration=%d", s.EndTimestamp()-s.StartTimestamp())
				}
				describeMap(&b, "attr", s.Attributes())
				describeMap(&b, "resource", rs.Resource().Attributes())
				fmt.Fprintf(&b, "\n scope %q %q", ss.Scope().Name(), ss.Scope().Version())
				describeMap(&b, "scope", ss.Scope().Attributes())
				for _, e := range s.Events().All() {
					fmt.Fprintf(&b, "\n event %d %q %d", e.Timestamp(), e.Name(), e.DroppedAttributesCount())
					describeMap(&b, "event", e.Attributes())
				}
				for _, l := range s.Links().All() {
					trace, id := l.TraceID(), l.SpanID()
					fmt.Fprintf(&b, "\n link %x/%x %q %d", trace[:], id[:], l.TraceState().AsRaw(), l.DroppedAttributesCount())
					describeMap(&b, "link", l.Attributes())
				}
				all = append(all, b.String())
			}
		}
	}
	sort.Strings(all)
	return all
}

func describeMap(b *strings.Builder, what string, m pcommon.Map) {
	for k, v := range m.All() {
		fmt.Fprintf(b, "\n  %s %q = %s", what, k, describeValue(v))
	}
}

func describeValue(v pcommon.Value) string {
	switch v.Type() {
	case pcommon.ValueTypeStr:
		return "string " + v.Str()
	case pcommon.ValueTypeBool:
		return "bool " + strconv.FormatBool(v.Bool())
	case pcommon.ValueTypeInt:
		return "int " + strconv.FormatInt(v.Int(), 10)
	case pcommon.ValueTypeDouble:
		return fmt.Sprintf("float %x", math.Float64bits(v.Double()))
	case pcommon.ValueTypeBytes:
		return "bytes " + string(v.Bytes().AsRaw())
	default:
	}
	return "json " + string(canonical(nil, v))
}

// canonical is what the reader must make of a nested value.
func canonical(dst []byte, v pcommon.Value) []byte {
	switch v.Type() {
	case pcommon.ValueTypeStr:
		return jsonscan.AppendQuoted(dst, []byte(v.Str()))
	case pcommon.ValueTypeBool:
		return strconv.AppendBool(dst, v.Bool())
	case pcommon.ValueTypeInt:
		return strconv.AppendInt(dst, v.Int(), 10)
	case pcommon.ValueTypeDouble:
		return jsonscan.AppendFloat(dst, v.Double())
	case pcommon.ValueTypeBytes:
		return jsonscan.AppendQuoted(dst, []byte(base64.StdEncoding.EncodeToString(v.Bytes().AsRaw())))
	case pcommon.ValueTypeSlice:
		dst = append(dst, '[')
		for i, item := range v.Slice().All() {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = canonical(dst, item)
		}
		return append(dst, ']')
	case pcommon.ValueTypeMap:
		dst = append(dst, '{')
		for k, item := range v.Map().All() {
			if dst[len(dst)-1] != '{' {
				dst = append(dst, ',')
			}
			dst = canonical(append(jsonscan.AppendQuoted(dst, []byte(k)), ':'), item)
		}
		return append(dst, '}')
	default:
	}
	return append(dst, "null"...)
}

func describeSet(set *trace.Set) []string {
	var all []string
	for n := range set.Len() {
		t := set.Trace(n)
		for i := t.First(); i < t.Len(); i++ {
			all = append(all, describeSpan(t.Span(i)))
		}
	}
	sort.Strings(all)
	return all
}

func describeSpan(s trace.Span) string {
	var b strings.Builder
	attrs, events, links := s.Dropped()
	fmt.Fprintf(&b, "%s/%s<%s %q kind=%d status=%d %q state=%q start=%d dropped=%d,%d,%d",
		s.Trace().ID(), s.ID(), s.ParentID(), s.Name(), s.Kind(), s.Status(), s.StatusMessage(), s.TraceState(), s.Start(), attrs, events, links)
	if at := s.ParentAt(); at != trace.ParentAnywhere {
		fmt.Fprintf(&b, " remote=%v", at == trace.ParentRemote)
	}
	if !s.Has(trace.FlagUnfinished) && !s.Has(trace.FlagTimeRepaired) {
		fmt.Fprintf(&b, " duration=%d", s.Duration())
	}
	describeAttrs(&b, "attr", s.Attrs())
	describeAttrs(&b, "resource", s.Resource().Attrs())
	fmt.Fprintf(&b, "\n scope %q %q", s.Scope().Name(), s.Scope().Version())
	describeAttrs(&b, "scope", s.Scope().Attrs())
	for i := range s.Events() {
		e := s.Event(i)
		fmt.Fprintf(&b, "\n event %d %q %d", e.Time(), e.Name(), e.Dropped())
		describeAttrs(&b, "event", e.Attrs())
	}
	for _, l := range s.Links() {
		fmt.Fprintf(&b, "\n link %s/%s %q %d", l.TraceID(), l.SpanID(), l.TraceState(), l.Dropped())
		describeAttrs(&b, "link", l.Attrs())
	}
	for _, text := range s.Warnings() {
		fmt.Fprintf(&b, "\n warning %q", text)
	}
	return b.String()
}

func describeAttrs(b *strings.Builder, what string, attrs trace.Attrs) {
	for k, v := range attrs.All() {
		text := v.String()
		switch v.Type() {
		case trace.TypeFloat:
			text = fmt.Sprintf("%x", math.Float64bits(v.Float()))
		case trace.TypeBytes:
			text = v.Text()
		default:
		}
		name := [...]string{"none", "string", "bool", "int", "float", "bytes", "json"}[v.Type()]
		fmt.Fprintf(b, "\n  %s %q = %s %s", what, k, name, text)
	}
}

// maker makes random traces with everything that OTLP has.
type maker struct{ *rand.Rand }

func (m maker) Text() string {
	words := []string{"GET", "", "/api/checkout", "naïve ☃ \U0001f600", "quote \" back \\ \n\t\x01", "SELECT * FROM orders WHERE customer_id = ? AND state IN (?, ?, ?)", strings.Repeat("long é ", 20), "http.method"}
	return words[m.IntN(len(words))]
}

func (m maker) value(v pcommon.Value, depth int) {
	kinds := 7
	if depth > 3 {
		kinds = 5
	}
	switch m.IntN(kinds) {
	case 0:
		v.SetStr(m.Text())
	case 1:
		v.SetBool(m.IntN(2) == 0)
	case 2:
		v.SetInt(int64(m.Uint64()))
	case 3:
		v.SetDouble([]float64{0, -1.5, 1e300, 1e-7, 5e21, math.Pi}[m.IntN(6)])
	case 4:
		v.SetEmptyBytes().FromRaw([]byte(m.Text()))
	case 5:
		list := v.SetEmptySlice()
		for range m.IntN(4) {
			m.value(list.AppendEmpty(), depth+1)
		}
	case 6:
		m.attrs(v.SetEmptyMap(), depth+1)
	}
}

func (m maker) attrs(to pcommon.Map, depth int) {
	for i := range m.IntN(5) {
		m.value(to.PutEmpty(fmt.Sprintf("key.%d %s", i, m.Text())), depth)
	}
}

func (m maker) traces() ptrace.Traces {
	td := ptrace.NewTraces()
	next := uint64(1)
	for range 1 + m.IntN(4) {
		rs := td.ResourceSpans().AppendEmpty()
		m.attrs(rs.Resource().Attributes(), 0)
		for range m.IntN(3) {
			ss := rs.ScopeSpans().AppendEmpty()
			ss.Scope().SetName(m.Text())
			ss.Scope().SetVersion(m.Text())
			m.attrs(ss.Scope().Attributes(), 0)
			for range m.IntN(5) {
				m.span(ss.Spans().AppendEmpty(), next)
				next++
			}
		}
	}
	return td
}

func (m maker) span(s ptrace.Span, id uint64) {
	s.SetTraceID(traceBytes(uint64(1 + m.IntN(3))))
	s.SetSpanID(spanBytes(id))
	if m.IntN(3) > 0 {
		s.SetParentSpanID(spanBytes(1000 + id)) // an orphan keeps the id of its parent
	}
	s.SetName(m.Text())
	s.SetKind(ptrace.SpanKind(m.IntN(6)))
	s.SetStartTimestamp(pcommon.Timestamp(1_700_000_000_000_000_000 + m.Int64N(1e9)))
	s.SetEndTimestamp(s.StartTimestamp() + pcommon.Timestamp(m.Int64N(1e9)))
	s.TraceState().FromRaw([]string{"", "a=b,c=d"}[m.IntN(2)])
	s.Status().SetCode(ptrace.StatusCode(m.IntN(3)))
	s.Status().SetMessage(m.Text())
	s.SetDroppedAttributesCount(uint32(m.IntN(2)))
	s.SetDroppedEventsCount(uint32(m.IntN(2)))
	s.SetDroppedLinksCount(m.Uint32())
	s.SetFlags([]uint32{0, 1, 0x100, 0x101, 0x200, 0x300, 0x301, 0xffffffff}[m.IntN(8)])
	m.attrs(s.Attributes(), 0)
	for range m.IntN(3) {
		e := s.Events().AppendEmpty()
		e.SetName(m.Text())
		e.SetTimestamp(s.StartTimestamp() + 5)
		m.attrs(e.Attributes(), 0)
	}
	for range m.IntN(2) {
		l := s.Links().AppendEmpty()
		l.SetTraceID(traceBytes(m.Uint64()))
		l.SetSpanID(spanBytes(m.Uint64()))
		l.TraceState().FromRaw(m.Text())
		m.attrs(l.Attributes(), 0)
	}
}

func traceBytes(n uint64) (id pcommon.TraceID) {
	binary.BigEndian.PutUint64(id[8:], n)
	return id
}

func spanBytes(n uint64) (id pcommon.SpanID) {
	binary.BigEndian.PutUint64(id[:], n)
	return id
}

func TestOTLPAgreesWithCollector(t *testing.T) {
	for seed := range uint64(200) {
		td := maker{rand.New(rand.NewPCG(seed, 2))}.traces()
		if td.SpanCount() == 0 {
			continue
		}
		doc, err := (&ptrace.JSONMarshaler{}).MarshalTraces(td)
		if err != nil {
			t.Fatal(err)
		}
		set := openBytes(t, doc)
		if diff := cmp.Diff(describePdata(td), describeSet(set)); diff != "" {
			t.Fatalf("seed %d (-collector +ours):\n%s", seed, diff)
		}
	}
}

// openBytes opens data as standard input.
func openBytes(t testing.TB, data []byte) *trace.Set {
	t.Helper()
	return open(t, Options{Stdin: bytes.NewReader(data)}, "-")
}

// TestCorpusAgreesWithCollector compares every sample that the collector's unmarshaler reads too.
func TestCorpusAgreesWithCollector(t *testing.T) {
	compared := 0
	for _, f := range corpus(t) {
		set := open(t, Options{}, f.path)
		if duplicates(set) > 0 {
			continue
		}
		td := ptrace.NewTraces()
		for _, doc := range documentsOf(t, f.path) {
			part, err := (&ptrace.JSONUnmarshaler{}).UnmarshalTraces(doc)
			if err != nil {
				td = ptrace.NewTraces()
				break
			}
			part.ResourceSpans().MoveAndAppendTo(td.ResourceSpans())
		}
		if td.SpanCount() == 0 {
			continue // not OTLP, or with ids in base64
		}
		compared++
		if diff := cmp.Diff(withoutRepairs(describePdata(td)), withoutRepairs(describeSet(set))); diff != "" {
			t.Errorf("%s (-collector +ours):\n%s", filepath.Base(f.path), diff)
		}
	}
	if compared < 10 {
		t.Errorf("only %d samples were compared", compared)
	}
}

// withoutRepairs takes out what the builder may change: a parent that is a cycle, a time that is missing.
func withoutRepairs(spans []string) []string {
	for i, s := range spans {
		head, rest, _ := strings.Cut(s, "\n")
		from, to := strings.Index(head, " start="), strings.Index(head, " dropped=")
		head = head[:from] + head[to:]
		if at := strings.Index(head, " duration="); at >= 0 {
			head = head[:at]
		}
		spans[i] = head + "\n" + rest
	}
	return spans
}

// documentsOf splits a file into its documents.
func documentsOf(t *testing.T, path string) [][]byte {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if strings.HasSuffix(path, ".gz") {
		unpacked, err := gzip.NewReader(bytes.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		if data, err = io.ReadAll(unpacked); err != nil {
			t.Fatal(err)
		}
	}
	var docs [][]byte
	s := jsonscan.Scanner{Data: data}
	for !s.Ended() {
		docs = append(docs, s.Raw())
		if s.Err != nil {
			t.Fatal(s.Err)
		}
	}
	return docs
}
