package sets

import (
	"tracefall/diagnose/compare/population"
	"tracefall/sources/trace"
	"tracefall/views"
	"tracefall/views/draw"
	"tracefall/views/table"
)

// Sets shows what two sets of traces differ in: the likely culprits, the attributes and calls that differ, the paths that
// traces took, and both sides in numbers. Each is a section that folds; every line that stands for spans opens an example.
type Sets struct {
	table.Scroller
	compared
	names   [2]string
	pending string
	rows    []setRow
	closed  [setSections]bool
	proofs  []bool            // by culprit: its evidence is shown
	full    [setSections]bool // also what is usually left out
	side    views.Side

	bindings []views.Binding
}

// compared is a comparison, with what its items say.
type compared struct {
	c       *population.Comparison // nil without one
	changed []int                  // calls whose numbers differ by more than chance
	items   [setSections]int       // how many a section has
	stems   map[string]string      // of services, by name
}

// setSection is a part of the screen.
type setSection uint8

const (
	setCulprits setSection = iota
	setAttributes
	setContributions
	setTail
	setCalls
	setShapes
	setSummary
	setLeftOut
	setSampling
	setSections // how many there are
)

// setSectionTitles are the headings; what one of the items is; where a section is empty, why.
var setSectionTitles = [setSections]struct{ title, item, empty string }{
	setCulprits:      {"Likely culprits", "culprit", "no service stands out"},
	setAttributes:    {"Attributes over-represented in bad traces", "attribute", "no significant difference"},
	setContributions: {"Contributors to the mean difference", "contributor", "the means do not differ"},
	setTail:          {"Contributors to the difference of the slowest 5 %", "contributor", ""},
	setCalls:         {"Changed calls", "call", "no significant difference"},
	setShapes:        {"Execution paths", "path", "no significant difference"},
	setSummary:       {"Latency and errors", "", ""},
	setLeftOut:       {"Left out", "reason", ""},
	setSampling:      {"Sampling", "remark", ""},
}

// setRowKind is what a row is.
type setRowKind uint8

const (
	setTitle setRowKind = iota
	setItem
	setProof // a span that shows what the item above says
	setNote  // why the item above stands where it does
	setMore  // how many more there are
	setNone  // the section is empty
	setBlank
)

// setRow is one row: which item of which section.
type setRow struct {
	section setSection
	kind    setRowKind
	item    int
	proof   int // of the item
}

// setItemsMost is how many items a section shows before it is asked for all.
const setItemsMost = 8

// setLevel is the q-value under which a number of a call counts as changed.
const setLevel = 0.05

// New returns a screen without a comparison.
func New() *Sets { return &Sets{side: views.Bad} }

// SetSets shows a comparison of two sets; names say what they are, such as the files. nil shows none.
func (s *Sets) SetSets(c *population.Comparison, names [2]string) {
	*s = Sets{compared: compared{c: c}, names: names, side: s.side, Scroller: table.Scroller{Height: s.Height}}
	if c == nil {
		return
	}
	var services []string
	for i := range c.Calls {
		services = append(services, c.Calls[i].Worker, c.Calls[i].Op.Service)
		if c.Calls[i].LeastQ() < setLevel {
			s.changed = append(s.changed, i)
		}
	}
	s.stems = draw.Stems(services)
	s.items = [setSections]int{
		setSummary:       len(summaryLines),
		setCulprits:      len(c.Culprits),
		setContributions: len(c.Contributions),
		setTail:          len(s.tail()),
		setAttributes:    len(c.Attributes),
		setShapes:        len(c.Shapes) + len(c.Paces),
		setCalls:         len(s.changed),
		setLeftOut:       len(c.LeftOut),
		setSampling:      len(c.Samplers),
	}
	if s.nothing() {
		s.items[setSummary] = 0
	}
	s.proofs = make([]bool, len(c.Culprits))
	if len(s.proofs) > 0 {
		s.proofs[0] = true
	}
	s.build()
}

// SetPending says what is being worked out; "" ends it.
func (s *Sets) SetPending(text string) { s.pending = text }

// summaryLines are the lines of the summary.
var summaryLines = [...]string{"traces", "failed", "mean", "p50", "p95", "p99"}

// build lists the rows of all sections.
func (s *Sets) build() {
	s.rows = s.rows[:0]
	for section := range setSections {
		n := s.items[section]
		if n == 0 && s.emptyText(section) == "" {
			continue
		}
		if len(s.rows) > 0 {
			s.rows = append(s.rows, setRow{section: section, kind: setBlank})
		}
		s.rows = append(s.rows, setRow{section: section, kind: setTitle})
		if s.closed[section] {
			continue
		}
		if n == 0 {
			s.rows = append(s.rows, setRow{section: section, kind: setNone})
		}
		shown := n
		if n > setItemsMost+1 && !s.full[section] {
			shown = setItemsMost
		}
		for i := range shown {
			s.rows = append(s.rows, setRow{section: section, kind: setItem, item: i})
			if section == setCulprits {
				if s.standing(i) != "" {
					s.rows = append(s.rows, setRow{section: section, kind: setNote, item: i})
				}
				for k := range s.c.Culprits[i].Evidence {
					if !s.proofs[i] {
						break
					}
					s.rows = append(s.rows, setRow{section: section, kind: setProof, item: i, proof: k})
				}
			}
		}
		if shown < n {
			s.rows = append(s.rows, setRow{section: section, kind: setMore, item: shown})
		}
	}
}

// at returns the row under the cursor.
func (s *Sets) at() (setRow, bool) {
	if s.c == nil || s.Row < 0 || s.Row >= len(s.rows) {
		return setRow{}, false
	}
	return s.rows[s.Row], true
}

// example returns the trace and the span that a row is opened with: those of the chosen side where there are any.
func (s *Sets) example(r setRow) (*trace.Trace, int) {
	places := s.examples(r)
	for _, side := range [...]views.Side{s.side, 1 - s.side} {
		if p := places[side]; p.Facts != nil {
			return p.Facts.Trace, p.Span
		}
	}
	return nil, -1
}
