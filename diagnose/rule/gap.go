package rule

// Gap is a kind of data that traces may lack.
type Gap uint8

// The gaps, in the order in which they are listed.
const (
	GapPartial       Gap = iota // the backend reports a partial trace
	GapTruncated                // the input ends within the trace
	GapOrphans                  // spans without their parent
	GapEdges                    // such spans near the ends of the file
	GapRootless                 // traces without their first span
	GapManyRoots                // traces with several first spans
	GapAfterRoot                // spans that began when the first had ended
	GapDropped                  // what SDKs dropped
	GapFullAttrs                // spans with as many attributes as SDKs allow
	GapCutStatements            // statements that are cut off
	GapNoStatement              // SQL spans without a statement
	GapPlaceholders             // SQL spans without values
	GapNoStatus                 // calls without a status
	GapUnfinished               // spans without an end
	GapRepaired                 // times that were repaired
	GapWrongPlace               // ids and parents that could not be right
	GapUnpaired                 // calls without a serving span
	GapAnonymous                // resources without an instance
	GapNoKind                   // spans without a kind
)

// Blind is what a gap keeps a detector from seeing.
type Blind struct {
	Gap    Gap
	Effect string
}

// BlindSpot is a detector whose data was limited, and why: few findings does not mean a healthy trace.
type BlindSpot struct{ Detector, Reason string }
