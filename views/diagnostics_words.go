package views

import (
	"fmt"

	"tracefall/sources/trace"
	"tracefall/views/draw"
)

// qualityWords says what is wrong with a trace, the gravest first; nil for a trace without blemish.
func qualityWords(q trace.Quality) []string {
	var words []string
	if q.Truncated {
		words = append(words, "file truncated: trace may be incomplete")
	}
	if q.Partial {
		words = append(words, "the backend calls it incomplete")
	}
	one := func(n int, single, several string) {
		switch {
		case n == 1:
			words = append(words, single)
		case n > 1:
			words = append(words, fmt.Sprintf(several, draw.Count(n)))
		}
	}
	one(q.Orphans, "the parent of 1 span is missing", "the parents of %s spans are missing")
	if q.Roots > 1 {
		words = append(words, draw.Count(q.Roots)+" spans have no parent")
	} else if q.Roots == 0 && q.Orphans > 0 {
		words = append(words, "the root is missing")
	}
	one(q.Cycles, "1 parent was its own descendant: cut", "%s parents were their own descendants: cut")
	one(q.LinkParents, "1 link came back as a parent", "%s links came back as parents")
	one(q.Warned, "the backend warns of 1 span", "the backend warns of %s spans")
	one(q.Unfinished, "1 span has no end", "%s spans have no end")
	one(q.Untimed, "1 span has no time", "%s spans have no times")
	one(q.RepairedTimes, "1 time could not be right", "%s times could not be right")
	one(q.Collisions, "1 span id names several spans", "%s span ids name several spans")
	one(q.SharedIDs, "client and server share 1 span id", "clients and servers share %s span ids")
	one(q.Duplicates, "1 exact copy was dropped", "%s exact copies were dropped")
	one(q.ExtraParents, "1 span has several parents", "%s spans have several parents")
	one(q.DroppedAttrs, "the SDK dropped 1 attribute", "the SDK dropped %s attributes")
	one(q.DroppedEvents, "the SDK dropped 1 event", "the SDK dropped %s events")
	one(q.DroppedLinks, "the SDK dropped 1 link", "the SDK dropped %s links")
	one(q.FullAttrs, "1 span has 128 attributes, the SDKs' limit", "%s spans have 128 attributes, the SDKs' limit")
	one(q.CutStatements, "1 database statement is cut off", "%s database statements are cut off")
	return words
}
