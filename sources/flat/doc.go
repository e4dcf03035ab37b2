// Package flat decides what the keys of "one object a span" JSON mean: which one is the trace id, which the start and
// in what unit, and what a file is called whose objects are no spans. It decides from records that a reader sampled,
// once for a whole file, and says what it took for what. It reads no JSON and knows no files.
//
//	records of a file → Decide → Mapping: field → keys and units     (read all of the file with it)
//	                           → Refusal: what it looks like, what is missing
package flat
