package spans

import (
	"iter"
	"slices"

	"tracefall/diagnose/facts"
	"tracefall/sources/trace"
	"tracefall/views"
	"tracefall/views/draw"
	"tracefall/views/prompt"
	"tracefall/views/table"
)

// Spans is the tab of the table of spans.
type Spans struct {
	of   []views.Scope // one
	all  bool          // all spans of the traces, not only those that match the query of the scope
	data *data         // nil until they are read
	done int           // traces read by now

	columns
	table.Scroller
	rows    []uint32 // numbers of spans, in order
	longest int64    // ns, of them
	turn    int      // of what rows were asked for last; answers to what was asked before are dropped
	busy    bool     // rows are being put into order

	prompt.Line         // the query that spans are looked for with
	matched     matched // by the query that was answered last, nil for none
	half        *found  // to a word that is not finished yet, which matches nothing: what it would hide stays meanwhile
	chooser     prompt.Chooser

	bindings []views.Binding
}

// found is what a query found.
type found struct {
	matched matched
	notes   prompt.Notes
}

// New returns a table without spans, the longest first.
func New() *Spans {
	return &Spans{columns: columns{Columns: table.Columns[column]{Specs: columnSpecs[:], Sort: columnDuration, Descending: true}}}
}

// Scopes returns what the table is about.
func (s *Spans) Scopes() []views.Scope { return s.of }

// Show implements views.OfScopes: the table is of one scope, of a comparison that of what is compared with the baseline.
// Of the traces that match a query it shows the spans that do, until all are asked for.
func (s *Spans) Show(of []views.Scope) views.Action {
	if s.WhyNot(of) != "" {
		s.of, s.data, s.rows = nil, nil, nil
		return nil
	}
	last := of[len(of)-1]
	if len(s.of) > 0 && last.Query != s.of[0].Query {
		s.all = false
	}
	last.Matching = last.Query != "" && !s.all
	if len(s.of) == 0 || last != s.of[0] {
		kept := s.columns
		kept.attrs = make([]*attribute, len(kept.keys))
		*s = Spans{of: []views.Scope{last}, all: s.all, columns: kept, Line: s.Line, turn: s.turn + 1, bindings: s.bindings}
	}
	if s.data != nil {
		return nil
	}
	return s.ask()
}

// WhyNot implements views.OfScopes.
func (s *Spans) WhyNot(of []views.Scope) string { return views.WhyEmpty(of[max(len(of)-1, 0):]) }

// ask asks for the spans.
func (s *Spans) ask() views.Action {
	of := slices.Clone(s.of)
	s.done, s.data, s.rows, s.matched, s.half = 0, nil, nil, nil, nil
	return views.Measure{
		Of: of,
		Count: func(portions []iter.Seq[facts.Portion]) func() views.Action {
			d := read(of[0].Set, portions[0])
			return func() views.Action {
				if !slices.Equal(of, s.of) { // nobody waits for it any more
					return nil
				}
				s.data, s.Row, s.Top = d, 0, 0
				if s.Query() != "" {
					return views.Query{Text: s.Query()} // what it found is of other spans
				}
				return s.arrange()
			}
		},
		Counted: func(traces int) {
			if slices.Equal(of, s.of) {
				s.done = traces
			}
		},
	}
}

// atOnce is how many spans are put into order while a person waits: some milliseconds.
const atOnce = 20_000

// arrange puts the rows into order, and reads the attributes that are new: at once where the spans are few, else as a job.
// The cursor stays on its span.
func (s *Spans) arrange() views.Action {
	if s.data == nil {
		return nil
	}
	d, o, keys, known := s.data, s.order(), slices.Clone(s.keys), slices.Clone(s.attrs)
	s.turn++
	turn := s.turn
	work := func() func() views.Action {
		for n, key := range keys {
			if known[n] == nil {
				known[n] = d.attributeOf(key)
			}
		}
		if o.by >= columnAttribute {
			o.attr = known[o.by-columnAttribute]
		}
		rows := d.arrange(o)
		longest := int64(0)
		for _, n := range rows {
			longest = max(longest, d.span(n).Duration())
		}
		return func() views.Action {
			if turn == s.turn && d == s.data { // else nobody waits for it any more
				s.attrs, s.busy = known, false
				s.setRows(rows, longest)
			}
			return nil
		}
	}
	if len(d.index) <= atOnce {
		return work()()
	}
	s.busy = true
	return views.Measure{Count: func([]iter.Seq[facts.Portion]) func() views.Action { return work() }}
}

// SetMatches shows what a query found, as the answer to a views.Query: the spans of a trace that match, by index, nil for all
// spans. It returns what is left to do, and drops the answer to a query that is not asked any more.
func (s *Spans) SetMatches(query string, spans func(*trace.Trace) []int32, notes prompt.Notes) views.Action {
	if query != s.Query() || s.data == nil {
		return nil
	}
	s.Asked()
	a := &found{spans, notes}
	if s.Popup.Open() && spans != nil && !slices.Contains(s.data.kept(spans), true) {
		s.half = a
		return nil
	}
	return s.take(a)
}

// SetQueryError says what is wrong with the query. The spans of the answer before stay.
func (s *Spans) SetQueryError(e prompt.Error) {
	s.half = nil
	s.Line.SetQueryError(e)
}

// take shows the answer to a query.
func (s *Spans) take(a *found) views.Action {
	s.half, s.matched = nil, a.matched
	s.SetNotes(a.notes)
	return s.arrange()
}

// order is what the rows follow from now.
func (s *Spans) order() order {
	return order{by: s.Sort, descending: s.Descending, matched: s.matched}
}

// setRows shows rows, with the cursor on the span that it was on.
func (s *Spans) setRows(rows []uint32, longest int64) {
	at := -1
	if s.Row < len(s.rows) && s.Row > 0 {
		at = slices.Index(rows, s.rows[s.Row])
	}
	s.rows, s.longest, s.Row = rows, longest, max(at, 0)
	if at < 0 {
		s.Top = 0
	}
	s.Clamp(len(s.rows))
}

// toggle adds the column of an attribute, or takes it away.
func (s *Spans) toggle(key string) views.Action {
	if at := slices.Index(s.keys, key); at >= 0 {
		s.keys, s.attrs = slices.Delete(slices.Clone(s.keys), at, at+1), slices.Delete(slices.Clone(s.attrs), at, at+1)
		switch gone := columnAttribute + column(at); {
		case s.Sort == gone:
			s.Sort, s.Descending = columnDuration, true
		case s.Sort > gone:
			s.Sort--
		}
	} else {
		if len(s.keys) == mostAttributes {
			return views.Say{Text: "there are " + draw.Count(mostAttributes) + " attribute columns; choose one of them to remove it"}
		}
		s.keys, s.attrs = append(slices.Clone(s.keys), key), append(slices.Clone(s.attrs), nil)
	}
	s.Specs = s.specs()
	s.Placed = slices.DeleteFunc(s.Placed, func(p table.Placed[column]) bool { return int(p.Column) >= len(s.Specs) }) // until the next frame
	return s.arrange()
}

// whyEmpty says why there is no row, "" where there are some.
func (s *Spans) whyEmpty() string {
	switch {
	case len(s.of) == 0:
		return "no trace is open"
	case s.data == nil && s.of[0].Traces > 1 && s.done > 0:
		return draw.Count(s.done) + " of " + draw.Amount(s.of[0].Traces, "trace") + " read"
	case s.data == nil || s.rows == nil:
		return "reading spans"
	case len(s.rows) == 0 && (s.matched != nil || s.of[0].Matching):
		return "no span matches"
	case len(s.rows) == 0:
		return "there are no spans"
	}
	return ""
}
