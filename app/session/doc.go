// Package session is what the commands and the explorer have in common: the outside world, the settings, inputs that are
// opened with progress, the detectors run once for a set, queries that are answered for it, traces that are found by what
// was pasted, and the command line that opens the same view again.
package session
