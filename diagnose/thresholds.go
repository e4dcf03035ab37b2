package diagnose

import (
	"reflect"

	"tracefall/diagnose/rule"
)

// DefaultThresholds returns the values that are used unless the configuration sets others.
func DefaultThresholds() rule.Thresholds {
	var all rule.Thresholds
	for _, d := range Detectors() {
		usual := reflect.ValueOf(d.Thresholds).Elem()
		own := reflect.New(usual.Type())
		own.Elem().Set(usual)
		all = append(all, own.Interface())
	}
	return all
}
