// Package importreport is the screen that says how reading went: what was skipped, repaired or in doubt, and which traces can
// be trusted less.
package importreport
