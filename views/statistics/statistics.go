package statistics

import (
	"cmp"
	"iter"
	"slices"
	"strings"

	"tracefall/diagnose/facts"
	"tracefall/diagnose/secrets"
	"tracefall/sources/trace"
	"tracefall/views"
	"tracefall/views/draw"
	"tracefall/views/prompt"
	"tracefall/views/table"
)

// Statistics is the panel of where the time went: the spans of a trace, or of many, in groups, measured.
//
//	Show --Measure--> the program: groupStats --setStats--> rows, sorted by a column
//	left, right, a key typed --Measure--> …
type Statistics struct {
	of    views.Scope
	by    string // what is asked for
	ready bool   // stats are those of by
	stats []*facts.Stat
	keys  []string // of the attributes of the spans, nil until they are known

	done, total int // traces that were counted, and of how many; 0 where that is not known

	spans    int
	critical int64 // ns
	longest  int   // cells of the widest name
	times    draw.Durations
	ends     [2]map[string]int // of edges by service: how many go from it, and to it

	table.Columns[statColumn]
	table.Scroller

	chooser   prompt.Chooser
	bar, barW int // where the bars of the critical path are

	bindings []views.Binding
}

// What spans are grouped by, besides the keys of attributes.
const (
	GroupService   = "service"
	GroupOperation = "operation" // service and name, as the export spells it
	GroupTemplate  = "template"  // the same without what varies: identifiers, parameters
	GroupEdge      = "edge"      // calls by the two services that they are between
)

// label is what the screen calls a grouping.
func label(by string) string {
	switch by {
	case GroupTemplate:
		return "normalised operation"
	case GroupEdge:
		return "service → service"
	}
	return draw.Clean(by)
}

// commonKeys are the attributes that left and right go through, where a trace has them.
var commonKeys = []string{
	"http.route", "http.request.method", "http.method", "http.response.status_code", "http.status_code", "rpc.method",
	"db.system.name", "db.system", "db.collection.name", "messaging.destination.name", "error.type",
	"host.name", "service.instance.id", "k8s.pod.name", "service.version",
}

// statColumn is a column of the table.
type statColumn uint8

const (
	statCritical statColumn = iota // the first is what it is sorted by
	statCount
	statErrors
	statTotal
	statSelf
	statP50
	statP95
	statP99
	statName
	statColumns
)

// New returns a panel without a trace.
func New() *Statistics {
	return &Statistics{by: GroupService, Columns: table.Columns[statColumn]{Specs: statSpecs[:], Descending: true}}
}

// Scopes returns what the statistics are about: one scope.
func (s *Statistics) Scopes() []views.Scope { return []views.Scope{s.of} }

// By returns what the spans are grouped by.
func (s *Statistics) By() string { return s.by }

// GroupBy says what the spans are grouped by when they are shown next: an attribute, or one of the Group constants.
func (s *Statistics) GroupBy(by string) {
	if by != s.by {
		s.by, s.ready, s.stats = by, false, nil
	}
}

// WhyNot implements views.OfScopes.
func (s *Statistics) WhyNot(scopes []views.Scope) string {
	if scopes[0].Set == nil {
		return "no trace is open"
	}
	return ""
}

// Show implements views.OfScopes: statistics are of one scope. Whether only matches count stays as it was for the same query.
func (s *Statistics) Show(scopes []views.Scope) views.Action {
	of := scopes[0]
	of.Matching = of.Query != "" && of.Query == s.of.Query && s.of.Matching
	if of != s.of {
		keys := s.keys
		if of.Set != s.of.Set || of.Trace != s.of.Trace {
			keys = nil
		}
		*s = Statistics{of: of, by: s.by, Columns: s.Columns, keys: keys}
	}
	if of.Set == nil || s.ready {
		return nil
	}
	return s.ask()
}

// ask asks for the groups, and for the keys of the attributes where they are not known.
func (s *Statistics) ask() views.Action {
	s.done, s.total = 0, 0
	of, by, unknown := s.of, s.by, s.keys == nil
	return views.Measure{
		Of:      []views.Scope{of},
		Counted: func(traces int) { s.setCounted(of, traces) },
		Count: func(portions []iter.Seq[facts.Portion]) func() views.Action {
			var traces []*trace.Trace
			stats := GroupStats(func(yield func(facts.Portion) bool) {
				for p := range portions[0] {
					if traces = append(traces, p.Facts.Trace); !yield(p) {
						return
					}
				}
			}, by)
			var keys []string
			if unknown {
				keys = facts.AttributeKeys(of.Set, slices.Values(traces))
			}
			return func() views.Action {
				s.setStats(of, by, stats)
				if unknown {
					s.setKeys(of, keys)
				}
				return nil
			}
		},
	}
}

// setStats shows groups; those of another scope or grouping, which nobody waits for any more, are dropped.
func (s *Statistics) setStats(of views.Scope, by string, stats []facts.Stat) {
	if of != s.of || by != s.by {
		return
	}
	s.stats, s.ready = make([]*facts.Stat, len(stats)), true
	s.spans, s.critical, s.longest, s.times = 0, 0, 0, draw.Durations{}
	s.ends = [2]map[string]int{{}, {}}
	for n := range stats {
		stat := &stats[n]
		s.stats[n] = stat
		s.spans += stat.Count
		s.critical += stat.Critical
		s.times.Longest = max(s.times.Longest, stat.Total, stat.Critical)
		if from, to, ok := facts.Ends(s.name(stat)); ok && by == GroupEdge {
			s.ends[0][from]++
			s.ends[1][to]++
		}
		if s.longest < wholeName {
			s.longest = max(s.longest, draw.Width(s.name(stat)))
		}
	}
	s.Row, s.Top = 0, 0
	if s.Sort != statCritical || !s.Descending { // that is how they come
		s.order()
	}
}

// setCounted says how many of the traces were counted by now.
func (s *Statistics) setCounted(of views.Scope, done int) {
	if of == s.of && !s.ready {
		s.done, s.total = done, of.Traces
	}
}

// setKeys says which attributes the spans have, for choosing one.
func (s *Statistics) setKeys(of views.Scope, keys []string) {
	if of.Set == s.of.Set && of.Trace == s.of.Trace {
		s.keys = keys
	}
}

// GroupStats measures spans in groups; portions belong to one set. It costs some hundred nanoseconds a span; run it
// as a job.
func GroupStats(portions iter.Seq[facts.Portion], by string) []facts.Stat {
	group := facts.ByAttribute(by)
	switch by {
	case GroupService:
		group = facts.ByService()
	case GroupOperation:
		group = facts.ByName()
	case GroupTemplate:
		group = facts.ByOperation()
	case GroupEdge:
		group = facts.ByEdge()
	}
	return facts.Stats(portions, group)
}

// groupings lists what left and right go through: the usual ones, and the one chosen.
func (s *Statistics) groupings() []string {
	list := []string{GroupService, GroupOperation, GroupTemplate, GroupEdge}
	for _, key := range commonKeys {
		if _, ok := slices.BinarySearch(s.keys, key); ok {
			list = append(list, key)
		}
	}
	if !slices.Contains(list, s.by) {
		list = append(list, s.by)
	}
	return list
}

// group asks for another grouping.
func (s *Statistics) group(by string) views.Action {
	if by == s.by && s.ready {
		return nil
	}
	s.by, s.ready, s.stats = by, false, nil
	s.Row, s.Top = 0, 0
	return s.ask()
}

// name is what a row is called.
func (s *Statistics) name(stat *facts.Stat) string {
	switch {
	case stat.Missing && s.by == GroupService:
		return views.NoService
	case stat.Missing && (s.by == GroupOperation || s.by == GroupTemplate):
		return views.NoName
	case stat.Missing && s.by == GroupEdge:
		return "(no call)"
	case stat.Missing:
		return "(without " + draw.Clean(s.by) + ")"
	case stat.Key == "":
		return "(empty)"
	}
	return draw.Clean(stat.Key)
}

// service returns the service that all spans of a group are of, "" where the grouping does not say.
func (s *Statistics) service(stat *facts.Stat) string {
	if stat.Missing || s.by != GroupService && s.by != GroupOperation && s.by != GroupTemplate {
		return ""
	}
	return secrets.ServiceName(stat.Trace.Span(stat.Longest))
}

// order sorts the rows; what is equal is ordered by total time, then by name. Spans without the attribute stay last.
func (s *Statistics) order() {
	slices.SortFunc(s.stats, func(a, b *facts.Stat) int {
		if a.Missing != b.Missing {
			if a.Missing {
				return 1
			}
			return -1
		}
		n := strings.Compare(a.Key, b.Key)
		if s.Sort != statName {
			n = cmp.Or(cmp.Compare(s.Sort.value(b), s.Sort.value(a)), cmp.Compare(b.Total, a.Total), n)
		}
		if s.Descending == s.Specs[s.Sort].Rising {
			return -n
		}
		return n
	})
}

// value returns what a column shows of a group.
func (c statColumn) value(stat *facts.Stat) int64 {
	switch c {
	case statCritical:
		return stat.Critical
	case statCount:
		return int64(stat.Count)
	case statErrors:
		return int64(stat.Errors)
	case statTotal:
		return stat.Total
	case statSelf:
		return stat.Self
	case statP50:
		return stat.P50
	case statP95:
		return stat.P95
	case statP99:
		return stat.P99
	case statName, statColumns:
	}
	return 0
}

// duration writes a time of a group in words.
func duration(stat *facts.Stat, ns int64) string {
	if !stat.Timed() {
		return views.Unknown
	}
	return draw.Duration(ns)
}
