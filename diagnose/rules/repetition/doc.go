// Package repetition holds the rules about calls that are made again and again: retries, N+1, redundant, sequential and
// chatty calls.
//
// What belongs here: detectors, each with its thresholds, relations and words. What does not: what another family needs
// too, which is a fact or belongs to rule.
package repetition
