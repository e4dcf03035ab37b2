// Package baseline is the overlay that offers good traces to compare a bad one with. What makes a good one does not belong here:
// that is package compare.
package baseline
