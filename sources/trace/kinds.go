package trace

import (
	"slices"
	"strings"
)

// Kind is the role of a span in a remote interaction, as OpenTelemetry defines it.
type Kind uint8

// The kinds, in OTLP's order.
const (
	KindUnspecified Kind = iota
	KindInternal
	KindServer
	KindClient
	KindProducer
	KindConsumer
)

var kindNames = [...]string{"unspecified", "internal", "server", "client", "producer", "consumer"}

// String returns the kind as the query language and the command line spell it.
func (k Kind) String() string {
	return nameOf(kindNames[:], uint8(k))
}

// ParseKind reads a kind in any spelling in use: "client", "CLIENT", "SPAN_KIND_CLIENT", "SpanKind.CLIENT".
func ParseKind(text string) (Kind, bool) {
	i, ok := named(kindNames[:], text, "span_kind_", "spankind.")
	return Kind(i), ok
}

// Status is the status code of a span.
type Status uint8

// The status codes, in OTLP's order.
const (
	StatusUnset Status = iota
	StatusOK
	StatusError
)

var statusNames = [...]string{"unset", "ok", "error"}

// String returns the status as the query language and the command line spell it.
func (s Status) String() string {
	return nameOf(statusNames[:], uint8(s))
}

// ParseStatus reads a status in any spelling in use: "ERROR", "STATUS_CODE_ERROR", "StatusCode.ERROR".
func ParseStatus(text string) (Status, bool) {
	i, ok := named(statusNames[:], text, "status_code_", "statuscode.")
	return Status(i), ok
}

// nameOf returns the name of a number; one that has none is the first.
func nameOf(names []string, n uint8) string {
	if int(n) >= len(names) {
		n = 0
	}
	return names[n]
}

// named returns the number of a name in letters of any size, before which two prefixes may stand; 0 where it is unknown.
func named(names []string, text, long, short string) (n int, ok bool) {
	n = slices.Index(names, strings.TrimPrefix(strings.TrimPrefix(strings.ToLower(text), long), short))
	return max(n, 0), n >= 0
}

// ParentPlace says where the parent of a span ran, as far as the SDK recorded it.
type ParentPlace uint8

// The places, in the order of what OTLP's span flags say: nothing, "not remote", "remote".
const (
	ParentAnywhere ParentPlace = iota // not recorded
	ParentLocal                       // in the same process
	ParentRemote                      // in another process: the context came over the wire
)

// Flags say what the builder found or did to a span.
type Flags uint16

// The flags. Those below the line are storage, not facts for a reader.
const (
	FlagOrphan        Flags = 1 << iota // its parent id names no span of the trace
	FlagSyntheticRoot                   // made by the builder above several roots; no span of the export
	FlagDuplicateID                     // shares its id with another span and was told apart
	FlagTimeRepaired                    // its start or duration could not be right and was repaired
	FlagUnfinished                      // it has no end; the end of its last descendant stands in
	FlagCycleCut                        // its parent was its own descendant; the reference was cut here
	FlagExtraParent                     // it named several parents; the others are links
	FlagWarned                          // the tracing backend attached a warning to it: see Span.Warnings

	flagError      // status error, or an error tag that says so
	flagIDText     // id is a symbol
	flagParentText // parent is a symbol, while building or where the parent is missing

	flagParentLocal  // the SDK says that the parent ran in the same process
	flagParentRemote // or in another one
)

var flagNames = [...]string{"orphan", "synthetic-root", "duplicate-id", "time-repaired", "unfinished", "cycle-cut", "extra-parent", "backend-warning"}

// Names lists the flags that are set, as the command line spells them, in their order.
func (f Flags) Names() []string {
	var names []string
	for i, name := range flagNames {
		if f&(1<<i) != 0 {
			names = append(names, name)
		}
	}
	return names
}
