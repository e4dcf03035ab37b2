// Package capacity holds the rules about what there is only so much of: an instance that is worse than the others, a pool or a
// lock that everyone waits for, work that grows from request to request.
//
// What belongs here: detectors, each with its thresholds, relations and words. What does not: what another family needs
// too, which is a fact or belongs to rule.
package capacity
