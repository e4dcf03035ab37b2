// Package unwrap takes documents out of what containers, loggers and terminals put around them.
//
//	text in another encoding --> lines --> records (Docker, CRI, journald, JSON log lines) --> prefixes --> documents
//
// What stands around a document is not one of a few known shapes: a container tool prefixes each line, a logger the
// first one, both with times that differ from line to line, and one may stand within the other. So nothing of it is
// configured or guessed for the whole input: where a document opens in a line, what stands before it is its prefix; the
// next line shows whether that prefix, or a part of it, is repeated; and lines that begin with another prefix belong
// to something else. Lines of several services may interleave.
//
// A document is what is in brackets: JSON, or what Node prints of an object. What it means is not looked at.
package unwrap
