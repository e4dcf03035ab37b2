// Package flatjson reads spans that are one object each, or one row of a table, with the mapping of their keys that package
// flat decides.
package flatjson
