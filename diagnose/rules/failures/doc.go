// Package failures holds the rules about failures and what they leave behind: where an error began, what was done twice or
// by half because of it, whether callers went on asking, and updates that overwrote each other.
//
// What belongs here: detectors, each with its thresholds, relations and words. What does not: what another family needs
// too, which is a fact or belongs to rule.
package failures
