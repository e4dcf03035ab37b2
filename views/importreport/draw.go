package importreport

import (
	"cmp"
	"slices"
	"strings"

	"tracefall/sources/trace"
	"tracefall/views"
	"tracefall/views/draw"
	"tracefall/views/style"
	"tracefall/views/table"
)

// Draw implements Screen.
func (d *Diagnostics) Draw(a draw.Area, env *views.Env) {
	a.Fill(draw.Ink{})
	d.build(a.W())
	first := 0
	if a.H() >= 6 {
		var head draw.Area
		head, a = a.Top(2)
		head.TextEllipsis(1, 0, head.W()-2, "Import report", env.Theme.Title)
		first = 2
	}
	d.Fit(a.H(), d.count())
	d.DrawRows(a, first, d.count(), 1, env.Focused, env, func(line draw.Area, row int) {
		line = line.Sub(3, 0, line.W()-4, 1)
		if row < len(d.rows) {
			d.drawRow(line, d.rows[row], env.Theme)
		} else {
			d.drawTrace(line, d.set.Trace(int(d.bad[row-len(d.rows)])), env.Theme)
		}
	})
}

func (d *Diagnostics) drawRow(a draw.Area, r diagRow, theme *style.Theme) {
	fold := theme.Glyphs.Folded
	if r.kind == diagNotice && d.open[r.notice] {
		fold = theme.Glyphs.Open
	}
	look := [...]struct {
		glyph     string
		ink, text draw.Ink
	}{
		diagTitle:  {text: theme.Header},
		diagGood:   {theme.Glyphs.OK, theme.OK, theme.Text},
		diagInput:  {theme.Glyphs.OK, theme.OK, theme.Text},
		diagCut:    {theme.Glyphs.Warning, theme.Warn, theme.Text},
		diagNote:   {" ", theme.Text, theme.Text},
		diagError:  {theme.Glyphs.Error, theme.Error, theme.Error},
		diagWhy:    {" ", theme.Text, theme.Error},
		diagGroup:  {text: theme.Strong},
		diagNotice: {fold, theme.Dim, theme.Text},
		diagMore:   {" ", theme.Text, theme.Dim},
		diagText:   {text: theme.Text},
	}[r.kind]
	x := 0
	if look.glyph != "" {
		x = a.Text(0, 0, look.glyph, look.ink) + 1
	}
	a.TextEllipsis(x, 0, a.W()-x, r.text, look.text)
}

// drawTrace draws a trace with blemishes: its id, its root, what is wrong with it.
func (d *Diagnostics) drawTrace(a draw.Area, t *trace.Trace, theme *style.Theme) {
	id, n := views.ShortID(t.ID()), 9
	if a.W() >= 120 {
		id, n = t.ID().String(), 32
	}
	x := a.TextEllipsis(0, 0, n, id, theme.Dim) + 2
	x = max(x, n+2)
	root := max((a.W()-x)/3, 0)
	views.DrawRoot(a.Sub(x, 0, root, 1), t, theme)
	x += root + 2
	a.TextEllipsis(x, 0, a.W()-x, joined(views.QualityWords(t.Quality())), theme.Text)
}

// build makes the rows for a width.
func (d *Diagnostics) build(width int) {
	if d.width == width && !d.stale {
		return
	}
	if d.stale {
		d.stale = false
		d.bad = blemished(d.set)
	}
	d.width = width
	d.rows = d.rows[:0]
	d.addInputs()
	for _, b := range slices.Concat(d.load.Backends, d.logs) {
		d.addBackend(b)
	}
	if d.set == nil {
		if len(d.rows) == 0 {
			d.add(diagText, "no input yet")
		}
		d.Clamp(d.count())
		return
	}
	d.addNotices(max(width-8, 1))
	d.addFailed()
	if n := len(d.bad); n > 0 {
		d.add(diagTitle, "Incomplete or suspect traces: "+draw.Count(n)+" of "+draw.Count(d.set.Len()))
	} else if d.set.Len() > 0 && len(d.set.Notices()) > 0 && d.set.TruncatedInputs() == 0 {
		d.add(diagGood, "all traces complete")
	}
	d.Clamp(d.count())
}

func (d *Diagnostics) add(kind diagKind, text string) {
	d.rows = append(d.rows, diagRow{kind: kind, text: text})
}

// addError adds what went wrong, in as many lines as it takes.
func (d *Diagnostics) addError(text string) { d.addWrapped(diagError, diagWhy, text) }

// addWrapped adds a text in as many lines as it takes: the first is of one kind, and the others of another.
func (d *Diagnostics) addWrapped(kind, rest diagKind, text string) {
	for _, line := range draw.WrapWords(text, max(d.width-8, 1)) {
		d.add(kind, line)
		kind = rest
	}
}

// addBackend adds who answered what, and the latest requests.
func (d *Diagnostics) addBackend(b BackendReport) {
	d.add(diagTitle, joined(filled(b.Name, b.URL, b.Server)))
	if b.Requests > 0 {
		d.add(diagText, joined([]string{draw.Amount(b.Requests, "request"), draw.Bytes(b.Bytes)}))
	}
	for _, one := range []struct {
		label string
		texts []string
	}{{"asked", b.Asked}, {"here", b.Here}, {"may be incomplete", b.Approx}} {
		for _, text := range one.texts {
			d.add(diagText, one.label+": "+text)
		}
	}
	for _, text := range b.Notes {
		d.addWrapped(diagCut, diagNote, text)
	}
	for _, text := range b.Events {
		d.add(diagMore, text)
	}
}

// filled returns the texts that say something.
func filled(texts ...string) []string {
	return slices.DeleteFunc(texts, func(text string) bool { return text == "" })
}

// addInputs adds how each input was read.
func (d *Diagnostics) addInputs() {
	for _, text := range d.load.Failed {
		d.addError(text)
	}
	failed := len(d.load.Failed)
	for _, in := range d.load.Inputs {
		if in.Failed != "" {
			failed++
			d.addError(in.Name + ": " + in.Failed)
			continue
		}
		kind, facts := diagInput, []string{in.Name}
		if d.set != nil && d.set.Truncated(in.Name) {
			kind, facts = diagCut, append(facts, "file truncated")
		}
		if d.set != nil && d.set.Damaged(in.Name) {
			kind, facts = diagCut, append(facts, "damaged")
		}
		if in.Format != "" {
			facts = append(facts, in.Format)
		}
		if in.Bytes > 0 {
			facts = append(facts, draw.Bytes(in.Bytes))
		}
		facts = append(facts, draw.Amount(in.Traces, "trace"), draw.Amount(in.Spans, "span"))
		if in.Took > 0 {
			facts = append(facts, draw.Duration(int64(in.Took)))
		}
		d.add(kind, strings.Join(facts, " · "))
	}
	if d.load.Took > 0 {
		text := "read in " + draw.Duration(int64(d.load.Took))
		if d.load.First > 0 {
			text += ", first traces after " + draw.Duration(int64(d.load.First))
		}
		d.add(diagText, text)
	}
	if d.set != nil && d.set.Len() > 0 && failed == 0 && len(d.set.Notices()) == 0 && len(d.bad) == 0 {
		d.add(diagGood, "complete, nothing skipped or repaired: "+draw.Amount(d.set.Len(), "trace")+", "+draw.Amount(d.set.SpanCount(), "span"))
	}
	if len(d.rows) > 0 {
		d.rows = append([]diagRow{{kind: diagTitle, text: "Inputs"}}, d.rows...)
		d.add(diagBlank, "")
	}
}

// addFailed adds the detectors that failed: what they would have found is not known.
func (d *Diagnostics) addFailed() {
	if len(d.failed) == 0 {
		return
	}
	d.add(diagTitle, "Failed detectors")
	for _, n := range d.failed {
		d.addError(n.Message)
	}
	d.add(diagBlank, "")
}

// addNotices adds the notices by input, those about all inputs together first, in the order of the set.
func (d *Diagnostics) addNotices(width int) {
	notices := d.set.Notices()
	if len(notices) == 0 {
		return
	}
	d.add(diagTitle, "Skipped / repaired / suspect data")
	var inputs []string
	byInput := map[string][]int{}
	for i, n := range notices {
		if byInput[n.Input] == nil {
			inputs = append(inputs, n.Input)
		}
		byInput[n.Input] = append(byInput[n.Input], i)
	}
	for _, input := range inputs {
		d.add(diagGroup, cmp.Or(input, "all inputs"))
		for _, i := range byInput[input] {
			d.addNotice(i, notices[i], width)
		}
	}
	d.add(diagBlank, "")
}

func (d *Diagnostics) addNotice(i int, n trace.Notice, width int) {
	d.rows = append(d.rows, diagRow{diagNotice, n.Message, i})
	if !d.open[i] {
		return
	}
	more := func(text string) { d.rows = append(d.rows, diagRow{diagMore, text, i}) }
	if draw.Width(n.Message) > width {
		for _, line := range draw.WrapWords(n.Message, width) {
			more(line)
		}
	}
	for _, place := range n.Places {
		more("at " + place)
	}
	switch {
	case len(n.Places) == 0:
		more("no location recorded")
	case n.Count > len(n.Places):
		more(draw.Count(n.Count) + " in total")
	}
}

// blemished returns the traces that have something wrong with them, the worst first: those that lack spans, then
// those with times or ids that cannot be right, then those that lost attributes, then what was merely tidied up.
func blemished(set *trace.Set) []uint32 {
	var bad []uint32
	var keys []uint64
	for i := range set.Len() {
		q := set.Trace(i).Quality()
		if !q.Blemished() {
			continue
		}
		class, count := uint64(1), q.Duplicates+q.SharedIDs+q.ExtraParents
		switch {
		case q.Incomplete() || q.Orphans > 0:
			class, count = 4, q.Orphans
		case q.Cycles+q.Unfinished+q.Untimed+q.RepairedTimes+q.Collisions > 0:
			class, count = 3, q.Cycles+q.Unfinished+q.Untimed+q.RepairedTimes+q.Collisions
		case q.Roots > 1 || q.DroppedAttrs+q.DroppedEvents+q.DroppedLinks+q.FullAttrs+q.CutStatements > 0:
			class, count = 2, q.Roots+q.DroppedAttrs+q.DroppedEvents+q.DroppedLinks+q.FullAttrs+q.CutStatements
		}
		bad = append(bad, uint32(i))
		keys = append(keys, ^(class<<40 | min(uint64(count), 1<<40-1)))
	}
	return table.SortByKey(bad, keys)
}
