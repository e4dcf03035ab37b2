package diagnose

import "tracefall/diagnose/rule"

// What rules are written against is declared below them, in rule; who only reads reports finds it here.

// The parts of a report.
type (
	BlindSpot  = rule.BlindSpot
	Check      = rule.Check
	Detector   = rule.Detector
	Evidence   = rule.Evidence
	Finding    = rule.Finding
	Number     = rule.Number
	Numbers    = rule.Numbers
	Relations  = rule.Relations
	Role       = rule.Role
	Severity   = rule.Severity
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
