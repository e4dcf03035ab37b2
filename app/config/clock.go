package config

import (
	"fmt"
	"strings"

	"tracefall/views"
)

// ClockModes are the names of the ways to show a time, in the order of views.ClockMode.
var ClockModes = [...]string{"utc", "local", "relative"}

// ParseClock reads the name of a way to show a time, "" for UTC.
func ParseClock(name string) (views.ClockMode, error) {
	if name == "" {
		return views.ClockUTC, nil
	}
	for i, known := range ClockModes {
		if name == known {
			return views.ClockMode(i), nil
		}
	}
	return 0, fmt.Errorf("unknown time mode %q: expected one of %s", name, strings.Join(ClockModes[:], ", "))
}
