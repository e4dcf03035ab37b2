// Package findings is the panel of what the detectors found: the findings, ranked, and the one under the cursor with everything
// it rests on.
package findings
