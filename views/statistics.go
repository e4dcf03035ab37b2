package views

import (
	"cmp"
	"slices"
	"strings"

	"tracefall/diagnose/facts"
	"tracefall/sources/trace"
	"tracefall/views/draw"
)

// Statistics is the panel of where the time of a trace went: its spans in groups, measured.
//
//	Show --Summarize--> the program: GroupStats --SetStats--> rows, sorted by a column
//	left, right, a key typed --Summarize--> …
type Statistics struct {
	t     *trace.Trace
	by    string // what is asked for
	ready bool   // stats are those of by
	stats []facts.Stat
	keys  []string // of the attributes of the trace

	spans    int
	critical int64 // ns
	longest  int   // cells of the widest name

	sort statColumn
	flip bool // from the least
	scroller

	chooser statChooser
	places  statPlaces
}

// What spans are grouped by, besides the keys of attributes.
const (
	GroupService   = "service"
	GroupOperation = "operation" // service and name, as the export spells it
	GroupTemplate  = "template"  // the same without what varies: identifiers, parameters
)

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

// NewStatistics returns a panel without a trace.
func NewStatistics() *Statistics { return &Statistics{by: GroupService} }

// Show shows a trace, and returns what must be asked for.
func (s *Statistics) Show(t *trace.Trace) Action {
	if t != s.t {
		*s = Statistics{t: t, by: s.by, sort: s.sort, flip: s.flip}
	}
	if t == nil || s.ready {
		return nil
	}
	return Summarize{Trace: t, By: s.by}
}

// SetStats shows the groups of a trace; those of another trace or grouping, which nobody waits for any more, are
// dropped.
func (s *Statistics) SetStats(t *trace.Trace, by string, stats []facts.Stat) {
	if t != s.t || by != s.by {
		return
	}
	s.stats, s.ready = slices.Clone(stats), true
	s.spans, s.critical, s.longest = 0, 0, 0
	for n := range s.stats {
		s.spans += s.stats[n].Count
		s.critical += s.stats[n].Critical
		s.longest = max(s.longest, draw.Width(s.name(&s.stats[n])))
	}
	s.row, s.top = 0, 0
	s.order()
}

// SetKeys says which attributes the spans of the trace have, for choosing one.
func (s *Statistics) SetKeys(t *trace.Trace, keys []string) {
	if t == s.t {
		s.keys = keys
	}
}

// GroupStats measures the spans of a trace in groups. It costs some hundred nanoseconds a span; run it as a job.
func GroupStats(f *facts.Facts, by string) []facts.Stat {
	group := facts.ByAttribute(by)
	switch by {
	case GroupService:
		group = facts.ByService()
	case GroupOperation:
		group = facts.ByName()
	case GroupTemplate:
		group = facts.ByOperation()
	}
	return facts.Stats([]*facts.Facts{f}, group, nil)
}

// AttributeKeys lists the keys of the attributes of a trace's spans and their resources, sorted. It costs tens of
// nanoseconds a span; run it as a job.
func AttributeKeys(t *trace.Trace) []string {
	known := make([]bool, t.Set().Symbols())
	add := func(attrs trace.Attrs) {
		for i := range attrs.Len() {
			known[attrs.KeySymbol(i)] = true
		}
	}
	resources := make([]bool, t.Set().Resources())
	for i := t.First(); i < t.Len(); i++ {
		s := t.Span(i)
		add(s.Attrs())
		if r := s.Resource(); !resources[r.Index()] {
			resources[r.Index()] = true
			add(r.Attrs())
		}
	}
	var keys []string
	for symbol, has := range known {
		if has {
			keys = append(keys, t.Set().Text(trace.Symbol(symbol)))
		}
	}
	slices.Sort(keys)
	return keys
}

// groupings lists what left and right go through: the usual ones, and the one chosen.
func (s *Statistics) groupings() []string {
	list := []string{GroupService, GroupOperation, GroupTemplate}
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
func (s *Statistics) group(by string) Action {
	if by == s.by && s.ready {
		return nil
	}
	s.by, s.ready, s.stats = by, false, nil
	s.row, s.top = 0, 0
	return Summarize{Trace: s.t, By: by}
}

// name is what a row is called.
func (s *Statistics) name(stat *facts.Stat) string {
	switch {
	case stat.Missing && (s.by == GroupService || s.by == GroupOperation || s.by == GroupTemplate):
		return noName
	case stat.Missing:
		return "(without " + draw.Clean(s.by) + ")"
	case stat.Key == "":
		return "(empty)"
	}
	return draw.Clean(stat.Key)
}

// order sorts the rows; what is equal is ordered by name. Spans without the attribute stay last.
func (s *Statistics) order() {
	slices.SortStableFunc(s.stats, func(a, b facts.Stat) int {
		if a.Missing != b.Missing {
			if a.Missing {
				return 1
			}
			return -1
		}
		n := strings.Compare(a.Key, b.Key)
		if s.sort != statName {
			n = cmp.Or(cmp.Compare(s.sort.value(&b), s.sort.value(&a)), n)
		}
		if s.flip {
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
