package app

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"tracefall/diagnose/secrets"
	"tracefall/sources/trace"
	"tracefall/views"
	"tracefall/views/draw"
)

// queryFlags are what `query` is asked for.
type queryFlags struct {
	format  format
	width   int
	explain bool
}

func newQuery(opt *options) *cobra.Command {
	f := &queryFlags{format: formatText}
	cmd := &cobra.Command{
		Use:   "query QUERY INPUT…",
		Short: "List the traces that match a query; \"\" lists all",
		Args: func(cmd *cobra.Command, args []string) error {
			if f.explain && len(args) == 1 {
				return nil
			}
			return needInputs(1, "query QUERY INPUT…")(cmd, args)
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if f.explain {
				return explainQuery(opt.world.Stdout, args[0])
			}
			return opt.query(cmd.Context(), args[0], args[1:], f)
		},
	}
	flags := cmd.Flags()
	flags.Var(&f.format, "format", "print as text, markdown or json")
	flags.IntVar(&f.width, "width", 0, "fit text into `N` columns instead of the terminal's")
	flags.BoolVar(&f.explain, "explain", false, "print what the query means instead of running it")
	return cmd
}

// queryAnswerJSON is what `query` prints. Field names and their order are stable.
type queryAnswerJSON struct {
	Version int          `json:"version"`
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
}

func (o *options) query(ctx context.Context, text string, inputs []string, f *queryFlags) error {
	if err := checkQuery(text); err != nil {
		return err // before reading what may be large
	}
	result, failed := o.world.open(ctx, inputs)
	if result == nil {
		return failed
	}
	defer closeQuietly(result.Set)
	found, err := runQuery(ctx, o.analyse(ctx, result.Set), text)
	if err != nil {
		return err
	}
	if f.format == formatJSON {
		err = printJSON(o.world.Stdout, queryJSON(result.Set, found))
	} else {
		p := newPrinter(o.world, o.look, f.width)
		o.queryText(p, result.Set, found, f.format == formatMarkdown)
		err = p.err
	}
	switch {
	case err != nil:
		return err
	case failed != nil:
		return failed
	case found.traces == 0:
		return errNoMatch
	}
	return nil
}

func queryJSON(set *trace.Set, found *answer) queryAnswerJSON {
	doc := queryAnswerJSON{
		Version: schemaVersion,
		Total:   countsJSON{set.Len(), set.SpanCount()},
		Matched: countsJSON{found.traces, found.spanCount},
		Traces:  []traceJSON{},
		Notices: noticesJSON(set.Notices()),
	}
	for i := range set.Len() {
		t := set.Trace(i)
		matches, ok := found.in(t)
		if !ok {
			continue
		}
		one := traceJSON{
			TraceID: t.ID().String(), RootService: secrets.ServiceName(t.Root()), RootName: secrets.SpanName(t.Root()),
			Start: nanos(t.Start()), Duration: t.Duration(),
			Spans: t.SpanCount(), Errors: t.Errors(), Services: t.Services(), MatchedSpans: []string{},
		}
		for _, k := range matches {
			one.MatchedSpans = append(one.MatchedSpans, t.Span(int(k)).ID().String())
		}
		for k := t.First(); found.all && k < t.Len(); k++ {
			one.MatchedSpans = append(one.MatchedSpans, t.Span(k).ID().String())
		}
		doc.Traces = append(doc.Traces, one)
	}
	return doc
}

// queryText prints a line a trace and the counts below.
func (o *options) queryText(p *printer, set *trace.Set, found *answer, markdown bool) {
	var traces []*trace.Trace
	for i := range set.Len() {
		if _, ok := found.in(set.Trace(i)); ok {
			traces = append(traces, set.Trace(i))
		}
	}
	o.traceTable(p, set, traces, found, markdown)
	if markdown {
		p.text("")
	}
	p.text(fmt.Sprintf("%s of %s · %s of %s", draw.Count(found.traces), count(set.Len(), "trace", "traces"),
		draw.Count(found.spanCount), count(set.SpanCount(), "span", "spans")))
	if found.apartTraces > 0 {
		p.text(fmt.Sprintf("%s no span matches all of it; %s on different spans: %s", p.theme.Glyphs.Info, match(found.apartTraces), found.apart))
	}
	for _, note := range found.notes {
		p.text(p.theme.Glyphs.Info + " " + note)
	}
	p.notices(set.Notices())
}

// selectedMost is how many different values of a selected column are printed of a trace.
const selectedMost = 3

// selectedCells are the values that select(…) asks for, of the matching spans of a trace; secrets are masked.
func selectedCells(found *answer, t *trace.Trace) []string {
	if found.values == nil {
		return nil
	}
	cells := make([]string, len(found.columns))
	for i, values := range found.values(t, selectedMost+1) {
		for k, v := range values {
			values[k] = shortened(masking{}.value(found.columns[i].Key, v))
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
func (o *options) traceTable(p *printer, set *trace.Set, traces []*trace.Trace, found *answer, markdown bool) {
	from, _ := set.Bounds()
	clock := o.clockFor(from)
	headings := []string{"START", "DURATION", "SPANS", "ERR", "TRACE"}
	for _, c := range found.columns {
		headings = append(headings, c.Name)
	}
	headings = append(headings, "ROOT")
	if zone := clock.ZoneName(from); zone != "" {
		headings[0] += " (" + zone + ")"
	}
	right := make([]bool, len(headings))
	right[1], right[2], right[3] = true, true, true
	p.table(markdown, headings, right, func(row func(...string)) {
		for _, t := range traces {
			root := strings.TrimSpace(secrets.ServiceName(t.Root()) + " " + secrets.SpanName(t.Root()))
			cells := []string{clock.DateTime(t.Start()), views.TraceDuration(t), draw.Count(t.SpanCount()), draw.Count(t.Errors()), t.ID().String()}
			row(append(append(cells, selectedCells(found, t)...), root)...)
		}
	})
}
