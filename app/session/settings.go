package session

import (
	"time"

	"tracefall/app/config"
	"tracefall/diagnose"
	"tracefall/diagnose/rule"
	"tracefall/views"
	"tracefall/views/style"
)

// Settings are what flags, environment and configuration come to, for every command and the explorer.
type Settings struct {
	World  *World
	Config config.Config
	Theme  *style.Theme
	Clock  views.ClockMode

	Backends *Backends  // that inputs can name
	Answered []*Request // what backends were asked for a command that prints, in this order
}

// LocalZone is the zone of the person at the terminal.
func LocalZone() *time.Location { return time.Local }

// Thresholds returns what holds: the defaults, and what the configuration says instead.
func (s *Settings) Thresholds() rule.Thresholds {
	if s.Config.Thresholds == nil {
		return diagnose.DefaultThresholds()
	}
	return s.Config.Thresholds
}

// ClockFor returns how times are shown; relative ones count from zero.
func (s *Settings) ClockFor(zero int64) views.Clock {
	return views.Clock{Mode: s.Clock, Zone: LocalZone(), Zero: zero}
}
