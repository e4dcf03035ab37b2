package diagnose

import "tracefall/diagnose/rule"

type (
	// BlindSpot says that a detector could not see, and why.
	BlindSpot = rule.BlindSpot
	// Check is one thing that was looked at.
	Check = rule.Check
	// Detector is one rule.
	Detector = rule.Detector
	// Evidence is a span that a finding rests on.
	Evidence = rule.Evidence
	// Finding is one thing that is wrong, or worth knowing.
	Finding = rule.Finding
	// Number is a measure that only one detector has.
	Number = rule.Number
	// Numbers are the measures of a finding.
	Numbers = rule.Numbers
	// Relations are what findings have to do with those of others.
	Relations = rule.Relations
	// Role is what part a span plays in a finding.
	Role = rule.Role
	// Severity is how much a finding matters.
	Severity = rule.Severity
	// Thresholds are the numbers at which detectors fire.
	Thresholds = rule.Thresholds
)

// The severities.
const (
	Info     = rule.Info
	Low      = rule.Low
	Medium   = rule.Medium
	High     = rule.High
	Critical = rule.Critical
)

// The roles.
const (
	RoleParent   = rule.RoleParent
	RoleCause    = rule.RoleCause
	RoleOffender = rule.RoleOffender
	RoleWrite    = rule.RoleWrite
	RoleBaseline = rule.RoleBaseline
)

// ParseSeverity reads a severity as the command line spells it.
func ParseSeverity(text string) (Severity, bool) { return rule.ParseSeverity(text) }
