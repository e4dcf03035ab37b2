// Package decode is what every reader of a format stands on. A format is a package that lists its Formats: how it is
// recognised, and a Decoder that reads its documents with a Reader:
//
//	Scanner (package jsonscan) --> Input (notes, places) --> Values (numbers, times, ids of any spelling) --> Reader (spans)
//
// What belongs here: what two formats need. What does not: the keys of any one format, files, and which formats there are.
package decode
