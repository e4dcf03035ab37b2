// Package normalize takes the values out of statements, URLs, keys and names, so that what is the same work with other values
// is one text. Statements are cut into tokens, never parsed; what an id is, its shape and its neighbours tell.
package normalize
