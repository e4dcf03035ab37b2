package findings

import (
	"fmt"
	"slices"
	"strings"

	"tracefall/diagnose/rule"
	"tracefall/sources/trace"
	"tracefall/views"
	"tracefall/views/draw"
	"tracefall/views/table"
)

// findingDetail is a finding laid out for a width.
type findingDetail struct {
	table.Scroller
	lines []findingLine
	laid  bool
	width int // that they are laid out for
	at    int // row of the list
	env   *views.Env
}

// findingLine is a line of the detail; trace and span are where enter goes.
type findingLine struct {
	runs    []table.Run
	right   []table.Run
	trace   *trace.Trace
	span    int
	finding *rule.Finding
}

// drawDetail draws the finding under the cursor.
func (f *Findings) drawDetail(screen draw.Area, at table.Box, env *views.Env) {
	a := at.In(screen)
	f.beside = at
	f.width, f.env = a.W(), env
	f.layDetail()
	d := &f.detail
	d.Fit(a.H(), len(d.lines))
	if !f.inDetail {
		d.Top = 0
	}
	d.DrawRows(a, at.Y, len(d.lines), -1, f.inDetail && env.Focused, env, func(line draw.Area, n int) {
		l := d.lines[n]
		right := table.WidthOf(l.right)
		if right > 0 {
			table.DrawRuns(line.Sub(line.W()-1-right, 0, right, 1), l.right)
			right += 2
		}
		table.DrawRuns(line.Sub(0, 0, line.W()-1-right, 1), l.runs)
	})
}

// layDetail makes the lines of the detail where they are not those of the row under the cursor, of the width and the
// environment of the last frame.
func (f *Findings) layDetail() {
	d := &f.detail
	if f.env == nil || f.Row >= len(f.rows) {
		*d = findingDetail{}
		return
	}
	if d.laid && d.at == f.Row && d.width == f.width && d.env.Theme == f.env.Theme && d.env.Clock == f.env.Clock && (d.env.Mask == nil) == (f.env.Mask == nil) {
		return
	}
	keep := d.Scroller
	if d.at != f.Row {
		keep.Row, keep.Top = 0, 0
	}
	*d = findingDetail{laid: true, width: f.width, at: f.Row, env: f.env, Scroller: keep}
	d.build(f.rows[f.Row], f.of, f.rule)
}

// build lays out a row of the list.
func (d *findingDetail) build(r findingRow, of *trace.Trace, rule func(string) string) {
	theme := d.env.Theme
	if r.same == nil {
		d.add(table.Run{Text: r.spot.Detector, Ink: theme.Strong})
		d.text("", r.spot.Reason, theme.Text)
		d.text("", "What a detector could not see it cannot report: this is no finding, and no clean bill.", theme.Dim)
		return
	}
	f := r.same[0]
	_, ink := views.LevelGlyph(views.LevelOf(f.Severity), theme)
	right := []table.Run{{Text: f.Severity.String(), Ink: ink}, {Text: fmt.Sprintf(" · confidence %.2f", f.Confidence), Ink: theme.Dim}}
	if draw.Width(f.Title)+table.WidthOf(right)+3 > d.width {
		right = right[:1]
	}
	d.lines = append(d.lines, findingLine{runs: []table.Run{{Text: f.Title, Ink: theme.Strong}}, right: right})
	if len(right) == 1 {
		d.add(table.Run{Text: fmt.Sprintf("confidence %.2f", f.Confidence), Ink: theme.Dim})
	}
	d.text("", d.env.Masked(f.Message), theme.Text)
	d.numbers(f)
	d.add()
	d.checks(f)
	d.text("rule", rule(f.Detector), theme.Text)
	for n, limit := range f.Limits {
		d.text(only(n == 0, "limits"), limit, theme.Text)
	}
	d.text("usual remedies", strings.Join(f.Remedies, ", "), theme.Text)
	if len(f.Also) > 0 {
		d.text("also", strings.Join(f.Also, ", ")+" saw the same spans", theme.Dim)
	}
	d.evidence(f, of)
	d.others(r)
}

// only returns the text where a condition holds.
func only(yes bool, text string) string {
	if yes {
		return text
	}
	return ""
}

func (d *findingDetail) add(runs ...table.Run) { d.lines = append(d.lines, findingLine{runs: runs}) }

// labelWidth is the cells that the labels at the left take.
const labelWidth = 10

// label returns the run for a label, and the cells it takes.
func (d *findingDetail) label(label string) (table.Run, int) {
	n := labelWidth
	if w := draw.Width(label); w >= n {
		n = w + 3
	}
	return table.Run{Text: label + strings.Repeat(" ", n-draw.Width(label)), Ink: d.env.Theme.Key}, n
}

// text adds a wrapped text, with a label in front of its first line; "" for none, and the whole width for text
// without any label above.
func (d *findingDetail) text(label, text string, ink draw.Ink) {
	if text == "" {
		return
	}
	head, n := d.label(label)
	labelled := slices.ContainsFunc(d.lines, func(l findingLine) bool { return len(l.runs) == 0 }) // the part with labels has begun
	if label == "" && !labelled {
		head, n = table.Run{}, 0
	}
	for i, line := range draw.WrapWords(text, max(d.width-1-n, 8)) {
		if i > 0 {
			head.Text = strings.Repeat(" ", n)
		}
		d.add(head, table.Run{Text: line, Ink: ink})
	}
}

// numbers adds what was measured.
func (d *findingDetail) numbers(f *rule.Finding) {
	n := f.Numbers
	var parts []string
	if n.Avoidable > 0 {
		text := "at most " + draw.Duration(n.Avoidable) + " avoidable"
		if share := views.ShareText(f); share != "" {
			text += ", " + share + " of the critical path"
		}
		parts = append(parts, text)
	}
	if n.Critical > 0 {
		parts = append(parts, draw.Duration(n.Critical)+" of the critical path")
	}
	if n.Count > 1 {
		text := draw.Count(n.Count) + " calls"
		if n.Sum > 0 {
			text += ", " + draw.Duration(n.Sum) + " in all"
		}
		if n.Union > 0 && n.Union != n.Sum {
			text += ", " + draw.Duration(n.Union) + " with at least one running"
		}
		parts = append(parts, text)
	}
	d.text("", strings.Join(parts, draw.SegmentGap), d.env.Theme.Dim)
}

// checks adds what was looked at: passed, and failed, in one flow.
func (d *findingDetail) checks(f *rule.Finding) {
	theme := d.env.Theme
	head, n := d.label("checks")
	line, used := []table.Run{head}, n
	for _, passed := range [...]bool{true, false} {
		glyph, ink := theme.Glyphs.OK, theme.OK
		if !passed {
			glyph, ink = theme.Glyphs.Error, theme.Warn
			if len(line) > 1 {
				d.add(line...)
				line, used = []table.Run{{Text: strings.Repeat(" ", n), Ink: theme.Text}}, n
			}
		}
		for _, c := range f.Checks {
			if c.Passed != passed {
				continue
			}
			if used > n && used+2+draw.Width(c.Name)+2 > d.width-1 {
				d.add(line...)
				line, used = []table.Run{{Text: strings.Repeat(" ", n), Ink: theme.Text}}, n
			}
			line = append(line, table.Run{Text: glyph + " ", Ink: ink})
			for k, part := range draw.WrapWords(c.Name, max(d.width-1-n-2, 8)) {
				if k > 0 {
					d.add(line...)
					line, used = []table.Run{{Text: strings.Repeat(" ", n+2), Ink: theme.Text}}, n
				}
				line = append(line, table.Run{Text: part + "  ", Ink: theme.Text})
				used += 4 + draw.Width(part)
			}
		}
	}
	if len(line) > 1 {
		d.add(line...)
	}
}

// mostListed is how many spans of one finding, or traces that have it, are listed; the waterfall shows all spans.
const mostListed = 100

// list adds n lines under a label, as far as they are not too many; of the others it is said how many they are. What has
// no trace makes no line.
func (d *findingDetail) list(label string, n int, count func(more int) string, line func(k int, head table.Run) findingLine) {
	if n == 0 {
		return
	}
	d.add()
	head, width := d.label(label)
	for k := range min(n, mostListed) {
		if l := line(k, head); l.trace != nil {
			d.lines = append(d.lines, l)
		}
		head.Text = strings.Repeat(" ", width)
	}
	if n > mostListed {
		head.Ink = d.env.Theme.Text
		d.add(head, table.Run{Text: "and " + count(n-mostListed) + " more", Ink: d.env.Theme.Dim})
	}
}

// evidence adds the spans that the finding rests on, with what they are, when they start and how long they take.
func (d *findingDetail) evidence(f *rule.Finding, of *trace.Trace) {
	theme := d.env.Theme
	spans := func(n int) string { return draw.Amount(n, "span") }
	d.list("evidence", len(f.Evidence), spans, func(k int, head table.Run) findingLine {
		e := f.Evidence[k]
		if e.Trace == nil || e.Span < 0 || e.Span >= e.Trace.Len() {
			return findingLine{}
		}
		s := e.Trace.Span(e.Span)
		glyph, ink := views.RoleGlyph(e.Role, views.LevelOf(f.Severity), theme)
		runs := []table.Run{head, {Text: glyph + " ", Ink: ink}, {Text: fmt.Sprintf("%-9s", e.Role), Ink: theme.Dim}}
		if of == nil && f.File {
			runs = append(runs, table.Run{Text: views.ShortID(e.Trace.ID()) + " ", Ink: theme.Dim})
		}
		mark := table.Run{Text: "  ", Ink: theme.Text}
		if s.Error() {
			mark = table.Run{Text: " " + theme.Glyphs.Error, Ink: theme.Error}
		}
		right := []table.Run{
			{Text: draw.Offset(s.Start()-e.Trace.Start()) + "  ", Ink: theme.Dim},
			{Text: fmt.Sprintf("%9s", draw.Duration(s.Duration())), Ink: theme.Text},
			mark,
		}
		if d.width < 60 {
			right = right[1:]
		}
		runs = append(runs, table.Run{Text: opText(s), Ink: theme.Text})
		return findingLine{runs: runs, right: right, trace: e.Trace, span: e.Span, finding: f}
	})
}

// others adds the traces that have the same finding.
func (d *findingDetail) others(r findingRow) {
	theme := d.env.Theme
	if len(r.same) < 2 {
		return
	}
	d.list("traces", len(r.same), draw.Count, func(k int, head table.Run) findingLine {
		f := r.same[k]
		if f.Trace == nil {
			return findingLine{}
		}
		when := d.env.Clock.Time(f.Trace.Start()) + "  " + views.ShortID(f.Trace.ID()) + "  "
		return findingLine{
			runs:  []table.Run{head, {Text: when, Ink: theme.Dim}, {Text: f.Title, Ink: theme.Text}},
			right: []table.Run{{Text: draw.Duration(f.Trace.Duration()), Ink: theme.Text}},
			trace: f.Trace, span: f.Anchor, finding: f,
		}
	})
}
