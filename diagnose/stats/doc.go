// Package stats is the statistics that conclusions rest on: quantiles, rank tests, trends, change points. It knows numbers
// only.
package stats
