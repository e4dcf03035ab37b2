package views

import (
	"fmt"
	"strings"

	"tracefall/diagnose"
	"tracefall/sources/trace"
	"tracefall/views/draw"
)

// findingDetail is a finding laid out for a width.
type findingDetail struct {
	scroller
	lines []findingLine
	laid  bool
	width int // that they are laid out for
	at    int // row of the list
	env   *Env
}

// findingLine is a line of the detail; trace and span are where enter goes.
type findingLine struct {
	runs    []run
	right   []run
	trace   *trace.Trace
	span    int
	finding *diagnose.Finding
}

// drawDetail draws the finding under the cursor.
func (f *Findings) drawDetail(a draw.Area, at place, env *Env) {
	f.places.detail = at
	f.width, f.env = a.W(), env
	f.layDetail()
	d := &f.detail
	d.fit(a.H(), len(d.lines))
	if !f.inDetail {
		d.top = 0
	}
	for y := 0; y < a.H() && d.top+y < len(d.lines); y++ {
		l, line := d.lines[d.top+y], a.Row(y)
		n := widthOf(l.right)
		if n > 0 {
			drawRuns(line.Sub(line.W()-1-n, 0, n, 1), l.right)
			n += 2
		}
		drawRuns(line.Sub(0, 0, line.W()-1-n, 1), l.runs)
		if f.inDetail && env.Focused && d.top+y == d.row {
			line.Paint(env.Theme.Selected)
		}
	}
	a.Scrollbar(a.W()-1, d.top, len(d.lines), env.Theme.Border, env.Theme.Scrollbar)
}

// layDetail makes the lines of the detail where they are not those of the row under the cursor, of the width and the
// environment of the last frame.
func (f *Findings) layDetail() {
	d := &f.detail
	if f.env == nil || f.row >= len(f.rows) {
		*d = findingDetail{}
		return
	}
	if d.laid && d.at == f.row && d.width == f.width && d.env.Theme == f.env.Theme && d.env.Clock == f.env.Clock && (d.env.Mask == nil) == (f.env.Mask == nil) {
		return
	}
	keep := d.scroller
	if d.at != f.row {
		keep.row, keep.top = 0, 0
	}
	*d = findingDetail{laid: true, width: f.width, at: f.row, env: f.env, scroller: keep}
	d.build(f.rows[f.row], f.of, f.rule)
}

// build lays out a row of the list.
func (d *findingDetail) build(r findingRow, of *trace.Trace, rule func(string) string) {
	theme := d.env.Theme
	if r.same == nil {
		d.add(run{r.spot.Detector, theme.Strong})
		d.text("", r.spot.Reason, theme.Text)
		d.text("", "What a detector could not see it cannot report: this is no finding, and no clean bill.", theme.Dim)
		return
	}
	f := r.same[0]
	_, ink := levelGlyph(LevelOf(f.Severity), theme)
	right := []run{{f.Severity.String(), ink}, {fmt.Sprintf(" · confidence %.2f", f.Confidence), theme.Dim}}
	if draw.Width(f.Title)+widthOf(right)+3 > d.width {
		right = right[:1]
	}
	d.lines = append(d.lines, findingLine{runs: []run{{f.Title, theme.Strong}}, right: right})
	if len(right) == 1 {
		d.add(run{fmt.Sprintf("confidence %.2f", f.Confidence), theme.Dim})
	}
	d.text("", d.env.masked(f.Message), theme.Text)
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

func (d *findingDetail) add(runs ...run) { d.lines = append(d.lines, findingLine{runs: runs}) }

// labelWidth is the cells that the labels at the left take.
const labelWidth = 10

// label returns the run for a label, and the cells it takes.
func (d *findingDetail) label(label string) (run, int) {
	n := labelWidth
	if w := draw.Width(label); w >= n {
		n = w + 3
	}
	return run{label + strings.Repeat(" ", n-draw.Width(label)), d.env.Theme.Key}, n
}

// text adds a wrapped text, with a label in front of its first line; "" for none, and the whole width for text
// without any label above.
func (d *findingDetail) text(label, text string, ink draw.Ink) {
	if text == "" {
		return
	}
	head, n := d.label(label)
	if label == "" && !d.labelled() {
		head, n = run{}, 0
	}
	for i, line := range wrapWords(text, max(d.width-1-n, 8)) {
		if i > 0 {
			head.text = strings.Repeat(" ", n)
		}
		d.add(head, run{line, ink})
	}
}

// labelled tells whether the part with labels has begun.
func (d *findingDetail) labelled() bool {
	for _, l := range d.lines {
		if len(l.runs) == 0 {
			return true
		}
	}
	return false
}

// numbers adds what was measured.
func (d *findingDetail) numbers(f *diagnose.Finding) {
	n := f.Numbers
	var parts []string
	if n.Avoidable > 0 {
		text := "at most " + draw.Duration(n.Avoidable) + " avoidable"
		if share := shareText(f); share != "" {
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
	d.text("", strings.Join(parts, segmentGap), d.env.Theme.Dim)
}

// checks adds what was looked at: passed, and failed, in one flow.
func (d *findingDetail) checks(f *diagnose.Finding) {
	theme := d.env.Theme
	head, n := d.label("checks")
	line, used := []run{head}, n
	for _, passed := range [...]bool{true, false} {
		glyph, ink := theme.Glyphs.OK, theme.OK
		if !passed {
			glyph, ink = theme.Glyphs.Error, theme.Warn
			if len(line) > 1 {
				d.add(line...)
				line, used = []run{{strings.Repeat(" ", n), theme.Text}}, n
			}
		}
		for _, c := range f.Checks {
			if c.Passed != passed {
				continue
			}
			if used > n && used+2+draw.Width(c.Name)+2 > d.width-1 {
				d.add(line...)
				line, used = []run{{strings.Repeat(" ", n), theme.Text}}, n
			}
			line = append(line, run{glyph + " ", ink})
			for k, part := range wrapWords(c.Name, max(d.width-1-n-2, 8)) {
				if k > 0 {
					d.add(line...)
					line, used = []run{{strings.Repeat(" ", n+2), theme.Text}}, n
				}
				line = append(line, run{part + "  ", theme.Text})
				used += 4 + draw.Width(part)
			}
		}
	}
	if len(line) > 1 {
		d.add(line...)
	}
}

// mostEvidence is how many spans of one finding are listed; the waterfall shows them all.
const mostEvidence = 100

// evidence adds the spans that the finding rests on, with what they are, when they start and how long they take.
func (d *findingDetail) evidence(f *diagnose.Finding, of *trace.Trace) {
	theme := d.env.Theme
	if len(f.Evidence) == 0 {
		return
	}
	d.add()
	head, n := d.label("evidence")
	for k, e := range f.Evidence {
		if k == mostEvidence {
			d.add(run{strings.Repeat(" ", n), theme.Text}, run{"and " + amount(len(f.Evidence)-k, "span") + " more", theme.Dim})
			break
		}
		if k > 0 {
			head.text = strings.Repeat(" ", n)
		}
		if e.Trace == nil || e.Span < 0 || e.Span >= e.Trace.Len() {
			continue
		}
		s := e.Trace.Span(e.Span)
		glyph, ink := roleGlyph(e.Role, LevelOf(f.Severity), theme)
		runs := []run{head, {glyph + " ", ink}, {fmt.Sprintf("%-9s", e.Role), theme.Dim}}
		if of == nil && f.File {
			runs = append(runs, run{shortID(e.Trace.ID()) + " ", theme.Dim})
		}
		right := []run{{drift(s.Start()-e.Trace.Start()) + "  ", theme.Dim}, {fmt.Sprintf("%9s", draw.Duration(s.Duration())), theme.Text}}
		mark := run{"  ", theme.Text}
		if s.Error() {
			mark = run{" " + theme.Glyphs.Error, theme.Error}
		}
		right = append(right, mark)
		if d.width < 60 {
			right = right[1:]
		}
		d.lines = append(d.lines, findingLine{
			runs: append(runs, run{opText(s), theme.Text}), right: right, trace: e.Trace, span: e.Span, finding: f,
		})
	}
}

// others adds the traces that have the same finding.
func (d *findingDetail) others(r findingRow) {
	theme := d.env.Theme
	if len(r.same) < 2 {
		return
	}
	d.add()
	head, n := d.label("traces")
	for k, f := range r.same {
		if k == mostEvidence {
			d.add(run{strings.Repeat(" ", n), theme.Text}, run{"and " + draw.Count(len(r.same)-k) + " more", theme.Dim})
			break
		}
		if k > 0 {
			head.text = strings.Repeat(" ", n)
		}
		if f.Trace == nil {
			continue
		}
		clock := d.env.Clock
		runs := []run{head, {clock.Time(f.Trace.Start()) + "  " + shortID(f.Trace.ID()) + "  ", theme.Dim}, {f.Title, theme.Text}}
		right := []run{{draw.Duration(f.Trace.Duration()), theme.Text}}
		d.lines = append(d.lines, findingLine{runs: runs, right: right, trace: f.Trace, span: f.Anchor, finding: f})
	}
}
