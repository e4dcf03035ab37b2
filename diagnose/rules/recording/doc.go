// Package recording holds the rules about the recording itself: what the traces cannot show, context that was lost between
// services, and data that should not have been recorded.
//
// What belongs here: detectors, each with its thresholds, relations and words. What does not: what another family needs
// too, which is a fact or belongs to rule.
package recording
