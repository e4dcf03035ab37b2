package report

import (
	"fmt"
	"strings"

	"tracefall/app/session"
	"tracefall/diagnose/secrets"
	"tracefall/sources/live"
	"tracefall/sources/trace"
	"tracefall/views"
	"tracefall/views/draw"
)

// queryAnswerJSON is what `query` prints. Field names and their order are stable.
type queryAnswerJSON struct {
	Version int `json:"version"`
	answeredJSON
	Total   countsJSON   `json:"total"`
	Matched countsJSON   `json:"matched"`
	Traces  []traceJSON  `json:"traces"`
	Notices []noticeJSON `json:"notices"`
}

type countsJSON struct {
	Traces int `json:"traces"`
	Spans  int `json:"spans"`
}

// traceJSON is a trace in a list.
type traceJSON struct {
	TraceID      string   `json:"trace_id"`
	RootService  string   `json:"root_service"`
	RootName     string   `json:"root_name"`
	Start        string   `json:"start_unix_nano"`
	Duration     int64    `json:"duration_nano"`
	Spans        int      `json:"spans"`
	Errors       int      `json:"errors"`
	Services     int      `json:"services"`
	MatchedSpans []string `json:"matched_spans"`
	NotRead      bool     `json:"not_read,omitempty"`  // a backend listed it without its spans
	Undecided    bool     `json:"undecided,omitempty"` // not read, and whether it matches is not known
}

func queryJSON(set *trace.Set, found *session.Answer, rows []live.Row) queryAnswerJSON {
	doc := queryAnswerJSON{
		Version: schemaVersion,
		Total:   countsJSON{set.Len(), set.SpanCount()},
		Matched: countsJSON{found.Traces, found.SpanCount},
		Traces:  []traceJSON{},
		Notices: noticesJSON(set.Notices()),
	}
	for _, t := range found.Listed() {
		matches, _ := found.In(t)
		one := newTraceJSON(t)
		one.MatchedSpans = listOf(matches, func(k int32) string { return t.Span(int(k)).ID().String() })
		for k := t.First(); found.All && k < t.Len(); k++ {
			one.MatchedSpans = append(one.MatchedSpans, t.Span(k).ID().String())
		}
		doc.Traces = append(doc.Traces, one)
	}
	for _, r := range rows {
		doc.Traces = append(doc.Traces, traceJSON{
			TraceID: r.ID.String(), RootService: secrets.Masked(r.Service), RootName: secrets.Masked(r.Name),
			Start: nanos(r.Window.From.UnixNano()), Duration: int64(r.Took),
			Spans: r.Spans, Errors: r.Errors, Services: r.Services, MatchedSpans: []string{}, NotRead: true, Undecided: r.Open,
		})
	}
	return doc
}

// PrintAnswer prints a line a trace and the counts below.
func PrintAnswer(p *Printer, set *trace.Set, found *session.Answer) error {
	rows := session.NotRead(p.Answered)
	if p.Format == JSON {
		doc := queryJSON(set, found, rows)
		p.answered(&doc.answeredJSON, &doc.Notices)
		return p.json(doc)
	}
	traceTable(p, set, found, rows)
	if p.Format == Markdown {
		p.Text("")
	}
	counts := fmt.Sprintf("%s of %s · %s of %s", draw.Count(found.Traces), draw.CountNoun(set.Len(), "trace", "traces"),
		draw.Count(found.SpanCount), draw.CountNoun(set.SpanCount(), "span", "spans"))
	if n := len(rows); n > 0 {
		counts += draw.SegmentGap + draw.Count(n) + " " + views.NotRead
	}
	p.Text(counts)
	if found.ApartTraces > 0 {
		p.Text(fmt.Sprintf("%s no single span matches; %s on different spans: %s", p.theme.Glyphs.Info, session.TracesMatch(found.ApartTraces), found.Apart))
	}
	if len(rows) == 0 { // else they would be about what was read, which is not all that was found
		for _, note := range found.Notes {
			p.Text(p.theme.Glyphs.Info + " " + note)
		}
	}
	p.notices(set.Notices())
	return p.err
}

// selectedMost is how many different values of a selected column are printed of a trace.
const selectedMost = 3

// selectedCells are the values that select(…) asks for, of the matching spans of a trace; secrets are masked.
func selectedCells(found *session.Answer, t *trace.Trace) []string {
	if found.Values == nil {
		return nil
	}
	cells := make([]string, len(found.Columns))
	for i, values := range found.Values(t, selectedMost+1) {
		for k, v := range values {
			values[k] = shortened(session.Masking{}.Value(found.Columns[i].Key, v))
		}
		if len(values) > selectedMost {
			values[selectedMost] = "…"
		}
		cells[i] = strings.Join(values, ", ")
	}
	return cells
}

// selectedLength is how many characters of a value of a selected column are printed.
const selectedLength = 32

func shortened(text string) string {
	runes := []rune(draw.Clean(text))
	if len(runes) <= selectedLength {
		return string(runes)
	}
	return string(runes[:selectedLength-1]) + "…"
}

// traceTable prints a line a trace, with what the query selects before its root. Its times have date and zone: what is
// printed is kept and sent to others.
// Rows of traces that were not read stand behind, with a mark where it is not known whether they match.
func traceTable(p *Printer, set *trace.Set, found *session.Answer, rows []live.Row) {
	from, _ := set.Bounds()
	if set.Len() == 0 && len(rows) > 0 {
		from = rows[0].Window.From.UnixNano()
	}
	clock := p.ClockFor(from)
	headings := []string{"START", "DURATION", "SPANS", "ERR", "TRACE"}
	for _, c := range found.Columns {
		headings = append(headings, c.Name)
	}
	headings = append(headings, "ROOT")
	if zone := clock.ZoneName(from); zone != "" {
		headings[0] += " (" + zone + ")"
	}
	right := make([]bool, len(headings))
	right[1], right[2], right[3] = true, true, true
	p.table(headings, right, func(row func(...string)) {
		for _, t := range found.Listed() {
			cells := []string{clock.DateTime(t.Start()), views.TraceDuration(t), draw.Count(t.SpanCount()), draw.Count(t.Errors()), t.ID().String()}
			row(append(append(cells, selectedCells(found, t)...), views.RootText(t))...)
		}
		for _, r := range rows {
			cells := []string{clock.DateTime(r.Window.From.UnixNano()), draw.Duration(int64(r.Took)), draw.Count(r.Spans), draw.Count(r.Errors), r.ID.String()}
			cells = append(cells, make([]string, len(found.Columns))...)
			row(append(cells, rowText(r))...)
		}
	})
}

// rowText says what the root of a trace is that was not read, with a mark where it is not known whether the trace matches.
func rowText(r live.Row) string {
	text := strings.TrimSpace(secrets.Masked(r.Service) + " " + secrets.Masked(r.Name))
	if r.Open {
		text = "? " + text
	}
	return text
}
