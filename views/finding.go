package views

import (
	"tracefall/diagnose/rule"
	"tracefall/views/draw"
	"tracefall/views/style"
)

// Level is how loud something is said: each has a glyph.
type Level uint8

// The levels.
const (
	LevelNone Level = iota
	LevelInfo
	LevelWarning
	LevelCritical
)

// LevelOf returns how loud a finding is: which glyph it has.
func LevelOf(s rule.Severity) Level {
	switch {
	case s >= rule.High:
		return LevelCritical
	case s >= rule.Low:
		return LevelWarning
	}
	return LevelInfo
}

// LevelGlyph returns the sign of a level and its ink.
func LevelGlyph(l Level, theme *style.Theme) (string, draw.Ink) {
	switch l {
	case LevelCritical:
		return theme.Glyphs.Critical, theme.Error
	case LevelWarning:
		return theme.Glyphs.Warning, theme.Warn
	case LevelInfo:
		return theme.Glyphs.Info, theme.Info
	case LevelNone:
	}
	return " ", theme.Text
}

// RoleGlyph returns the sign of the part that a span plays, in the ink of the finding's level. A baseline is quiet: nothing is
// wrong with it.
func RoleGlyph(r rule.Role, l Level, theme *style.Theme) (string, draw.Ink) {
	_, ink := LevelGlyph(l, theme)
	if r == rule.RoleBaseline {
		ink = theme.Dim
	}
	return [...]string{
		rule.RoleParent:   theme.Glyphs.Parent,
		rule.RoleCause:    theme.Glyphs.Cause,
		rule.RoleOffender: theme.Glyphs.Offender,
		rule.RoleWrite:    theme.Glyphs.Write,
		rule.RoleBaseline: theme.Glyphs.Baseline,
	}[r], ink
}

// Worth says how much time a finding calls avoidable and how much of the critical path that is, "" for none: what
// screens show and what is copied from them.
func Worth(f *rule.Finding) string {
	n := f.Numbers
	if n.Avoidable <= 0 {
		return ""
	}
	text := draw.Duration(n.Avoidable)
	if share := ShareText(f); share != "" {
		text += ", " + share + " of the critical path"
	}
	return text
}

// ShareText says how much of the critical path a finding calls avoidable, "" where that is not known.
func ShareText(f *rule.Finding) string {
	share := f.Numbers.AvoidableShare()
	if share == 0 {
		return ""
	}
	return draw.PercentOf(share)
}
