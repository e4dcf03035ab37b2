package diagnose

import "reflect"

// DefaultThresholds returns the values that are used where the configuration says nothing.
func DefaultThresholds() Thresholds {
	var all Thresholds
	for _, d := range Detectors() {
		usual := reflect.ValueOf(d.Thresholds).Elem()
		own := reflect.New(usual.Type())
		own.Elem().Set(usual)
		all = append(all, own.Interface())
	}
	return all
}
