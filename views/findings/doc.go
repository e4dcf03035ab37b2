// Package findings is the panel of what the detectors found: the findings at the left, ranked, and at the right the one
// under the cursor with everything it rests on. What detectors could not see is a footnote of the list.
package findings
