package app

import (
	"tracefall/diagnose"
	"tracefall/views"
	"tracefall/views/style"
)

// Settings are what flags, environment and configuration come to, for every command and the explorer.
type Settings struct {
	world  *World
	config config
	look   *style.Theme
	clock  views.ClockMode
}

// thresholds returns what holds: the defaults, and what the configuration says instead.
func (s *Settings) thresholds() diagnose.Thresholds {
	if s.config.thresholds == nil {
		return diagnose.DefaultThresholds()
	}
	return s.config.thresholds
}

// clockFor returns how times are shown; relative ones count from zero.
func (s *Settings) clockFor(zero int64) views.Clock {
	return views.Clock{Mode: s.clock, Zone: localZone(), Zero: zero}
}
