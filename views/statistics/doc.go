// Package statistics is the panel of where the time went: spans in groups, measured.
package statistics
