// Package ask translates the part of a query that a server can answer into the server's own language. The question is
// never narrower than the query, so that no matching trace is left out; where a server may answer too narrowly it says so.
//
//	Query --For(dialect)--> Ask: parts to be asked, terms that stay here, and those that a server may answer too narrowly
//
// What belongs here: a table for each language of servers. What does not: asking, which package live does.
package ask
