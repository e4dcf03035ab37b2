package findings

import (
	"cmp"
	"slices"

	"tracefall/diagnose"
	"tracefall/diagnose/facts"
	"tracefall/diagnose/rule"
	"tracefall/sources/trace"
	"tracefall/views"
	"tracefall/views/draw"
	"tracefall/views/prompt"
	"tracefall/views/table"
)

// Findings is the panel of what the detectors found: the findings at the left, ranked, and the one under the cursor
// at the right with everything it rests on. On narrow terminals that is below.
//
//	SetFindings --filter, sort--> rows
//	the row under the cursor --lay out for the width--> lines of the sheet
//
// Findings that are the same in several traces are one row. What detectors could not see is one row at the end, whatever
// the order: it is no finding.
type Findings struct {
	of      *trace.Trace // what they are about, nil for all traces
	known   bool         // the detectors have finished
	list    []*rule.Finding
	blind   []rule.BlindSpot
	checked int // how many detectors have looked

	rows   []findingRow
	total  diagnose.Counts // of what was found
	shown  shownCount      // what of it passes the filter
	widths findingLayout

	sort findingOrder
	flip bool
	table.Scroller
	orderShown bool             // the first line had room for it in the last frame
	diagnosing views.Diagnosing // while they are not known

	filter

	rule       func(detector string) string               // when a detector fires
	thresholds func(detector string) []diagnose.Threshold // at which numbers
	showRule   bool
	facts      factsOf

	inSheet    bool
	sheet      sheet
	width      int        // of the sheet in the last frame
	tight      bool       // it has few lines there
	env        *views.Env // of the last frame
	at, beside table.Box  // where the rows and the sheet were drawn last
	bindings   []views.Binding
}

// findingOrder is what the rows are sorted by.
type findingOrder uint8

const (
	byImpact findingOrder = iota // as the report ranks them
	byAvoidable
	bySeverity
	byConfidence
	findingOrders
)

// impactName is the order by rank where there is no room for what makes it.
const impactName = "by impact"

var findingOrderNames = [findingOrders]string{impactName + " × confidence", "by avoidable time", "by severity", "by confidence"}

// New returns a panel that waits for findings.
func New() *Findings {
	f := &Findings{}
	f.SetThresholds(diagnose.DefaultThresholds())
	return f
}

// SetThresholds says at which numbers the rules fired; without it they are the defaults.
func (f *Findings) SetThresholds(th rule.Thresholds) {
	f.rule = func(detector string) string { return diagnose.Rule(th, detector) }
	f.thresholds = func(detector string) []diagnose.Threshold { return diagnose.ThresholdsOf(th, detector) }
	f.sheet = sheet{}
}

// SetFacts says what is derived of traces, for what spans called; it comes before SetFindings. Without it spans are named as
// the export does.
func (f *Findings) SetFacts(of func(t *trace.Trace) *facts.Facts) {
	f.facts = of
	f.sheet = sheet{}
}

// SetFindings shows the findings about one trace, or about all where of is nil, as they are ranked, and what the
// detectors could not see. checked is how many detectors have looked. The cursor stays on its finding.
func (f *Findings) SetFindings(of *trace.Trace, list []*rule.Finding, blind []rule.BlindSpot, checked int) {
	at := f.Selected()
	if of != f.of {
		at = nil
		f.inSheet = false
		f.search.Input.SetText("")
	}
	f.of, f.known, f.list, f.blind, f.checked = of, true, list, blind, checked
	f.update()
	f.Row, f.Top = 0, 0
	if at != nil {
		f.find(func(other *rule.Finding) bool {
			return other.Fingerprint == at.Fingerprint && other.Detector == at.Detector && other.Anchor == at.Anchor
		})
	}
	f.Clamp(len(f.rows))
}

// SetWaiting shows that the detectors have not finished with a trace, or with all where of is nil.
func (f *Findings) SetWaiting(of *trace.Trace) {
	*f = Findings{of: of, sort: f.sort, flip: f.flip, rule: f.rule, thresholds: f.thresholds, facts: f.facts, showRule: f.showRule, diagnosing: f.diagnosing}
}

// SetDiagnosing says how far the detectors are, until their findings come.
func (f *Findings) SetDiagnosing(p views.Diagnosing) { f.diagnosing = p }

// Select puts the cursor on a finding. It reports whether there is a row for it.
func (f *Findings) Select(at *rule.Finding) bool {
	return f.find(func(other *rule.Finding) bool { return other == at })
}

func (f *Findings) find(is func(*rule.Finding) bool) bool {
	for n, r := range f.rows {
		if slices.ContainsFunc(r.same, is) {
			f.Row = n
			f.Clamp(len(f.rows))
			return true
		}
	}
	return false
}

// Selected returns the finding under the cursor, nil for none.
func (f *Findings) Selected() *rule.Finding {
	if f.Row < 0 || f.Row >= len(f.rows) || f.rows[f.Row].same == nil {
		return nil
	}
	return f.rows[f.Row].same[0]
}

// update makes the rows: what passes the filter, one row for findings that are the same, sorted, and the footnote.
func (f *Findings) update() {
	f.rows = f.rows[:0]
	f.sheet = sheet{}
	for n, same := range diagnose.Distinct(f.list) {
		f.rows = append(f.rows, findingRow{rank: n + 1, same: same, worst: worstOf(same), title: draw.Clean(rule.TitleOf(same)), where: where(same[0])})
	}
	f.total = diagnose.Count(f.list)
	f.order()
	f.rows = f.sift(f.rows)
	f.shown, f.widths = countOf(f.rows), measured(f.rows)
	if list := f.siftLimited(limitedOf(f.blind, f.list)); len(list) > 0 {
		f.rows = append(f.rows, findingRow{limited: list})
	}
}

// order sorts the rows; what is equal stays ranked.
func (f *Findings) order() {
	slices.SortStableFunc(f.rows, func(a, b findingRow) int {
		x, y := a.same[0], b.same[0]
		n := 0
		switch f.sort {
		case byAvoidable:
			n = cmp.Compare(y.Numbers.Avoidable, x.Numbers.Avoidable)
		case bySeverity:
			n = cmp.Compare(b.worst, a.worst)
		case byConfidence:
			n = cmp.Compare(y.Confidence, x.Confidence)
		case byImpact, findingOrders:
		}
		if n = cmp.Or(n, cmp.Compare(a.rank, b.rank)); f.flip {
			return -n
		}
		return n
	})
}

// SetMatches says which spans match the query, the answer to what Type asked for. An answer to another query is
// dropped.
func (f *Findings) SetMatches(query string, matched func(t *trace.Trace, span int) bool) {
	if query != f.search.Input.Text() {
		return
	}
	f.wrong = prompt.Error{}
	f.matched = matched
	f.refilter()
}

// SetQueryError says what is wrong with the query. The findings shown stay.
func (f *Findings) SetQueryError(query string, e prompt.Error) {
	if query == f.search.Input.Text() {
		f.wrong = e
	}
}

// refilter makes the rows anew and puts the cursor on the first.
func (f *Findings) refilter() {
	f.update()
	f.Row, f.Top, f.inSheet = 0, 0, false
	f.Clamp(len(f.rows))
}
