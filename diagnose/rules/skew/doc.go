// Package skew holds the rule about clocks: hosts that disagree, times in another zone, unit or year.
//
// What belongs here: detectors, each with its thresholds, relations and words. What does not: what another family needs
// too, which is a fact or belongs to rule.
package skew
