package rule

import (
	"cmp"
	"slices"
	"strings"

	"tracefall/diagnose/units"
	"tracefall/sources/trace"
)

// Severity is how much a finding matters, from its numbers.
type Severity uint8

// The severities.
const (
	Info Severity = iota
	Low
	Medium
	High
	Critical
)

var severityNames = [...]string{"info", "low", "medium", "high", "critical"}

// String returns the severity as the command line spells it.
func (s Severity) String() string { return severityNames[s] }

// ParseSeverity reads a severity as the command line spells it.
func ParseSeverity(text string) (Severity, bool) {
	i := slices.Index(severityNames[:], text)
	return Severity(max(i, 0)), i >= 0
}

// Role is the part that a span plays in a finding.
type Role uint8

// The roles.
const (
	RoleParent Role = iota // the anchor: what the offenders happened under
	RoleCause
	RoleOffender
	RoleWrite
	RoleBaseline
)

var roleNames = [...]string{"parent", "cause", "offender", "write", "baseline"}

// String returns the role as JSON spells it.
func (r Role) String() string { return roleNames[r] }

var roleLabels = [...]string{"parent span", "root cause", "affected span", "write", "baseline"}

// Label names the role for people.
func (r Role) Label() string { return roleLabels[r] }

// Evidence is a span that a finding rests on.
type Evidence struct {
	Role  Role
	Trace *trace.Trace
	Span  int
}

// Check is one piece of evidence that was looked for: what is confirmed makes the finding more certain.
type Check struct {
	Name   string // a statement, such as "p < 0.001"
	Passed bool   // confirmed
	Unseen bool   // not confirmed because this data cannot show it
}

// Number is a measure that only one detector has. Names end in their unit: "_nano", "_share", or none for counts.
type Number struct {
	Name  string
	Value float64
}

// Numbers are the measures of a finding. Times are nanoseconds.
type Numbers struct {
	Count         int     // offenders
	Union         int64   // for how long at least one of them ran
	Sum           int64   // of their durations
	Critical      int64   // of the critical path
	Avoidable     int64   // of the critical path, at most
	CriticalShare float64 // of the critical path's length, 0 to 1
	More          []Number
}

// Finding is one thing that is wrong, or worth knowing, with what it rests on.
type Finding struct {
	Relations // the detector's

	Detector string
	Kind     string // what it is, in a few words: "retry storm"
	Times    int    // how often, as the title says; 0 where Kind or Detail has the count
	Detail   string // what follows in the title: " over 3 hosts", or what stands before Took
	Shared   bool   // the title ends in the share of the critical path
	Took     int64  // ns that the title ends in, behind Detail or set off by a dot; 0 for none
	Possible bool   // not certain enough to be reported without this word
	Counted  bool   // the message begins with the count
	AtLeast  bool   // a lower bound: spans that would count are missing
	Placed   bool   // Kind or Detail names the place

	Title string // a few words for a row, composed of the above: "retry storm ×5"
	Where string // service and operation that it is about: "payment-service POST /charge"; found where "" is reported
	// WhereService is the service that Where begins with; "" where it begins with something else.
	WhereService string

	Message    string // one plain sentence with the evidence, counts and units
	Severity   Severity
	Confidence float64 // 0 to 1
	File       bool    // about all traces together, not about one
	Trace      *trace.Trace
	Anchor     int // index of the span that it is shown at
	Service    string
	Evidence   []Evidence
	Numbers    Numbers
	Checks     []Check
	Remedies   []string // common fixes
	Limits     []string // caveats: what the trace cannot show
	Also       []string // detectors whose findings this one absorbed
	// Fingerprint is equal for the same finding in another trace or file: detector, path of operations, template.
	Fingerprint string

	// ErrorWeight and Risk, 0 to 1, raise the score where time is not what matters.
	ErrorWeight float64
	Risk        float64
	Cap         *Severity // the most that the detector claims, whatever the numbers; nil for no limit
	Weight      float64
}

// Headline is the finding in one line, what, where and how much: "retry storm ×5 · payment-service POST /charge ·
// 4.01 s avoidable".
func (f *Finding) Headline() string {
	text, took := f.Title, ""
	switch {
	case f.Took > 0 && f.Detail == "":
		took = segmentGap + units.Lasted(f.Took)
	case f.Took == 0 && f.Numbers.Avoidable >= LeastAvoidable:
		took = segmentGap + units.Lasted(f.Numbers.Avoidable) + " avoidable"
	}
	if f.Where != "" && !f.Placed {
		text = strings.TrimSuffix(text, took) + segmentGap + f.Where
	}
	return strings.TrimSuffix(text, took) + took
}

// segmentGap sets the parts of a headline off from each other.
const segmentGap = " · "

// Word composes the title, and marks a lower bound. It is called once, when all is known.
func (f *Finding) Word() {
	f.Title = f.Kind
	if f.Possible {
		f.Title = "possible " + f.Title
	}
	least := ""
	if f.AtLeast {
		least = "≥"
		if f.Counted {
			f.Message = "≥ " + f.Message
		}
	}
	if f.Times > 0 {
		f.Title += " ×" + least + trace.Grouped(f.Times)
	}
	if f.Shared {
		f.Detail = sharing(units.PercentOf(f.Numbers.CriticalShare))
	}
	if f.Took > 0 {
		f.Title += cmp.Or(f.Detail, segmentGap) + units.Lasted(f.Took)
	} else {
		f.Title += f.Detail
	}
}

// sharing ends a title that says how much of the critical path it is about.
func sharing(percent string) string { return " (" + percent + " of critical path)" }

// TitleOf returns the title of findings that are the same in several traces: that of the first, with the range of their shares.
func TitleOf(same []*Finding) string {
	f := same[0]
	if !f.Shared || len(same) < 2 {
		return f.Title
	}
	least, most := f.Numbers.CriticalShare, f.Numbers.CriticalShare
	for _, other := range same[1:] {
		least, most = min(least, other.Numbers.CriticalShare), max(most, other.Numbers.CriticalShare)
	}
	from, to := units.PercentOf(least), units.PercentOf(most)
	if from == to {
		return f.Title
	}
	return strings.TrimSuffix(f.Title, f.Detail) + sharing(strings.TrimSuffix(from, " %")+" to "+to)
}

// Score is what findings are ranked by: the largest of avoidable share, error weight and risk, times confidence.
func (f *Finding) Score() float64 { return f.Weight * f.Confidence }

// Count returns how many spans of that role the finding has.
func (f *Finding) Count(role Role) int {
	n := 0
	for _, e := range f.Evidence {
		if e.Role == role {
			n++
		}
	}
	return n
}

// Traces lists the traces that a finding is about, each once: its own, or of one about the file those that it rests on. What
// the others are held against is well, and none of them.
func (f *Finding) Traces() []*trace.Trace {
	if !f.File {
		return []*trace.Trace{f.Trace}
	}
	affected := slices.DeleteFunc(slices.Clone(f.Evidence), func(e Evidence) bool { return e.Role == RoleBaseline })
	return Distinct(affected, func(e Evidence) *trace.Trace { return e.Trace })
}

// Gain raises the confidence by what each check that passed is worth, in the order of the checks.
func (f *Finding) Gain(worth ...float64) {
	for n, more := range worth {
		if f.Checks[n].Passed {
			f.Confidence += more
		}
	}
}
