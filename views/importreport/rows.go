package importreport

import (
	"cmp"
	"slices"
	"strings"

	"tracefall/sources/trace"
	"tracefall/views/draw"
	"tracefall/views/table"
)

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
	d.addNotices()
	d.addFailed()
	if n := len(d.bad); n > 0 {
		d.columns = columnsOf(d.set, d.bad, width-rowMargin-1) // a blank before the scrollbar
		d.add(diagTitle, "Incomplete or suspect traces: "+draw.Count(n)+" of "+draw.Count(d.set.Len()))
	} else if d.set.Len() > 0 && len(d.set.Notices()) > 0 && d.set.TruncatedInputs() == 0 {
		d.add(diagGood, "all traces complete")
	}
	d.Clamp(d.count())
}

// add adds a text in as many lines as it takes.
func (d *Diagnostics) add(kind diagKind, text string) {
	d.addRow(diagRow{kind: kind, text: text, notice: noNotice})
}

// addRow adds a row, and what of its text has no room in it below.
func (d *Diagnostics) addRow(r diagRow) {
	r.whole = r.text
	for _, r.text = range draw.WrapWords(r.whole, d.room()) {
		d.rows = append(d.rows, r)
		switch r.kind {
		case diagGood, diagCut, diagNotice:
			r.kind = diagNote
		case diagError:
			r.kind = diagWhy
		default:
		}
	}
}

// addBlank adds an empty row.
func (d *Diagnostics) addBlank() { d.rows = append(d.rows, diagRow{notice: noNotice}) }

// room is how many cells the text of a row has.
func (d *Diagnostics) room() int { return max(d.width-8, 1) }

// addBackend adds who answered what, and the latest requests.
func (d *Diagnostics) addBackend(b BackendReport) {
	d.add(diagTitle, strings.Join(filled(b.Name, b.URL, b.Server), draw.SegmentGap))
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
		d.add(diagCut, text)
	}
	for _, text := range b.Events { // an address is cut in its middle: what was answered stands behind it
		d.rows = append(d.rows, diagRow{kind: diagMore, text: draw.Middle(text, d.room()), whole: text, notice: noNotice})
	}
	d.addBlank()
}

// filled returns the texts that say something.
func filled(texts ...string) []string {
	return slices.DeleteFunc(texts, func(text string) bool { return text == "" })
}

// addInputs adds how each input was read.
func (d *Diagnostics) addInputs() {
	for _, text := range d.load.Failed {
		d.add(diagError, text)
	}
	failed := len(d.load.Failed)
	for _, in := range d.load.Inputs {
		if in.Failed != "" {
			failed++
			d.add(diagError, in.Name+": "+in.Failed)
			continue
		}
		d.addInput(in)
	}
	if d.load.Took > 0 {
		text := "read in " + draw.Duration(int64(d.load.Took))
		if d.load.First > 0 {
			text += ", first traces after " + draw.Duration(int64(d.load.First))
		}
		d.add(diagText, text)
	}
	if d.set != nil && d.set.Len() > 0 && failed == 0 && len(d.set.Notices()) == 0 && len(d.bad) == 0 {
		text := "nothing skipped or repaired: "
		if !slices.ContainsFunc(d.load.Backends, func(b BackendReport) bool { return len(b.Notes) > 0 }) {
			text = "complete, " + text
		}
		d.add(diagGood, text+draw.Amount(d.set.Len(), "trace")+", "+draw.Amount(d.set.SpanCount(), "span"))
	}
	if len(d.rows) > 0 {
		d.rows = append([]diagRow{{kind: diagTitle, text: "Inputs", whole: "Inputs", notice: noNotice}}, d.rows...)
		d.addBlank()
	}
}

// addInput adds how an input was read, in one line: where there is no room the time goes first, then size and format, and last
// the middle of the name. All of it is copied.
func (d *Diagnostics) addInput(in InputReport) {
	r, name := diagRow{kind: diagInput, notice: noNotice}, in.Name
	var care []string
	if d.set != nil && d.set.Truncated(in.Name) {
		r.kind, care = diagCut, append(care, "file truncated")
	}
	if d.set != nil && d.set.Damaged(in.Name) {
		r.kind, care = diagCut, append(care, "damaged")
	}
	format, size, took, copies := in.Format, "", "", ""
	if in.Copies > 0 {
		copies = draw.Amount(in.Copies, "duplicate span") + " removed"
	}
	if in.Bytes > 0 {
		size = draw.Bytes(in.Bytes)
	}
	if in.Took > 0 {
		took = draw.Duration(int64(in.Took))
	}
	write := func() string {
		facts := append([]string{name}, care...)
		facts = append(facts, filled(format, size, draw.Amount(in.Traces, "trace"), draw.Amount(in.Spans, "span"), copies, took)...)
		return strings.Join(facts, draw.SegmentGap)
	}
	r.text = write()
	r.whole = r.text
	for _, least := range []*string{&took, &size, &format} {
		if draw.Width(r.text) > d.room() {
			*least = ""
			r.text = write()
		}
	}
	if over := draw.Width(r.text) - d.room(); over > 0 {
		name = draw.Middle(name, draw.Width(name)-over)
		r.text = write()
	}
	d.rows = append(d.rows, r)
}

// addFailed adds the detectors that failed: what they would have found is not known.
func (d *Diagnostics) addFailed() {
	if len(d.failed) == 0 {
		return
	}
	d.add(diagTitle, "Failed detectors")
	for _, n := range d.failed {
		d.add(diagError, n.Message)
	}
	d.addBlank()
}

// addNotices adds the notices by input, those about all inputs together first, in the order of the set.
func (d *Diagnostics) addNotices() {
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
			d.addNotice(i, notices[i])
		}
	}
	d.addBlank()
}

func (d *Diagnostics) addNotice(i int, n trace.Notice) {
	d.addRow(diagRow{kind: diagNotice, text: n.Message, notice: i})
	if !d.open[i] {
		return
	}
	more := func(text string) { d.addRow(diagRow{kind: diagMore, text: text, notice: i}) }
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
