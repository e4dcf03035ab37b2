// Package ask says what of a query a server can be asked, in the server's own language, so that no trace which matches is
// left out: the weakest useful question that the query implies.
//
//	Query --For(dialect)--> Ask: parts to be asked, terms that stay here, and those that a server may answer too narrowly
//
// What belongs here: a table for each language of servers. What does not: asking, which package live does.
package ask
