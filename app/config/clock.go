package config

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"tracefall/views"
)

// ClockModes are the names of the ways to show a time, in the order of views.ClockMode.
var ClockModes = [...]string{"utc", "local", "relative"}

// ParseClock reads the name of a way to show a time, "" for UTC.
func ParseClock(name string) (views.ClockMode, error) {
	i := slices.Index(ClockModes[:], cmp.Or(name, ClockModes[views.ClockUTC]))
	if i < 0 {
		return 0, fmt.Errorf("unknown time mode %q: expected one of %s", name, strings.Join(ClockModes[:], ", "))
	}
	return views.ClockMode(i), nil
}
