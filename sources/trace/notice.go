package trace

import (
	"fmt"
	"strconv"
	"strings"
)

// NoticeKind names a sort of notice; the command line prints it.
type NoticeKind string

// The kinds of notices that the builder gives; readers add their own.
const (
	NoticeDuplicates NoticeKind = "duplicate-spans" // exact copies that were dropped
	NoticeSharedIDs  NoticeKind = "shared-span-ids" // client and server under one id, told apart
	NoticeCollisions NoticeKind = "span-id-collisions"
	NoticeOrphans    NoticeKind = "orphan-spans"
	NoticeTimes      NoticeKind = "repaired-times"
	NoticeUnfinished NoticeKind = "unfinished-spans"
	NoticeUntimed    NoticeKind = "unknown-times"
	NoticeCycles     NoticeKind = "parent-cycles"
	NoticeDropped    NoticeKind = "dropped-by-sdk"
	NoticePartial    NoticeKind = "partial-traces"
	NoticeTruncated  NoticeKind = "truncated-input" // an input that ends before its end
	NoticeParts      NoticeKind = "spans-in-parts"  // reported apart, joined
	NoticeLinkParent NoticeKind = "links-as-parent" // that closed a cycle and are links again
	NoticeWarnings   NoticeKind = "span-warnings"   // that the tracing backend attached
	NoticeAnswer     NoticeKind = "backend-answer"  // what a tracing backend said beside the spans
	NoticeMixedIDs   NoticeKind = "mixed-trace-ids" // 64 and 128 bits of one id
)

// Damage reports whether data could not be read as what it should be.
func (k NoticeKind) Damage() bool { return strings.HasPrefix(string(k), "damaged-") }

// Notice is one line about what was skipped, repaired or in doubt while reading. Nothing is skipped without one.
type Notice struct {
	Kind    NoticeKind
	Input   string // the input's name; "" when it is about all inputs together
	Count   int
	Message string   // one line; may quote hostile text
	Places  []string // the first places it was met: "line 12, column 40" or a trace id
}

// String returns the notice as one line.
func (n Notice) String() string {
	if n.Input == "" {
		return n.Message
	}
	return fmt.Sprintf("%s: %s", n.Input, n.Message)
}

// countIn counts what was found in a trace, and names the trace as a place.
func (n *Notice) countIn(id TraceID, found int) {
	n.Count += found
	if found > 0 && len(n.Places) < maxPlaces {
		n.Places = append(n.Places, "trace "+id.String())
	}
}

// Quality says how far a trace can be trusted: counts of what was found while building it. The zero Quality
// is a trace without blemish.
type Quality struct {
	Orphans       int // spans whose parent is not in the trace
	Roots         int // spans without a parent, where that is not exactly one
	Duplicates    int // exact copies dropped
	Parts         int // spans that were reported in parts and joined
	SharedIDs     int // client and server spans that shared one id
	Collisions    int // different spans with one id
	RepairedTimes int // starts or durations that could not be right
	Unfinished    int // spans without an end
	Untimed       int // spans of traces without any time; they are not among the two above
	Cycles        int // parent references cut
	LinkParents   int // links that came back as the parent and closed a cycle
	Warned        int // spans with a warning of the tracing backend
	ExtraParents  int // spans with more than one parent
	OutsideParent int // spans that start before or end after their parent; common where calls are asynchronous
	DroppedAttrs  int // what the SDK says it dropped
	DroppedEvents int
	DroppedLinks  int
	FullAttrs     int  // spans with exactly 128 attributes, the SDKs' limit
	CutStatements int  // database statements that were cut off: CutShort
	Partial       bool // the backend said that the trace is incomplete
	Truncated     bool // the input was cut off within the trace or right behind it
}

// Incomplete reports whether spans are missing, or may be: the backend said so, or the input was cut off.
func (q Quality) Incomplete() bool { return q.Partial || q.Truncated }

// Blemished reports whether anything was found that makes conclusions less certain.
func (q Quality) Blemished() bool {
	q.OutsideParent, q.Parts = 0, 0
	return q != Quality{}
}

// Grouped writes a number of zero or more with its thousands set apart, as notices and screens do: "100,000".
func Grouped(n int) string {
	text := strconv.Itoa(n)
	for at := len(text) - 3; at > 0; at -= 3 {
		text = text[:at] + "," + text[at:]
	}
	return text
}

// maxPlaces is how many places a notice names.
const maxPlaces = 20

// Counted writes a number of things, as notices do: "1 trace", "1,204 traces".
func Counted(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return Grouped(n) + " " + noun + "s"
}
