// Package waiting holds the rules about where the time of a request went: slow calls and queries, timeouts, gaps on the way
// between two services, messages that lay in a queue.
//
// What belongs here: detectors, each with its thresholds, relations and words. What does not: what another family needs
// too, which is a fact or belongs to rule.
package waiting
