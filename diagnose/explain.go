package diagnose

import (
	"fmt"
	"reflect"
	"strings"
	"time"

	"tracefall/diagnose/facts"
)

// Rule returns when a detector fires, in words, with the thresholds' values where the detector's Rule names them;
// "" for a detector that does not exist.
func (th *Thresholds) Rule(detector string) string {
	for _, d := range append(Detectors(), BaselineDifference()) {
		if d.Name != detector {
			continue
		}
		values := th.values(detector)
		parts := strings.Split(d.Rule, "`")
		for n := 1; n < len(parts); n += 2 {
			if value, ok := values[parts[n]]; ok {
				parts[n] = value
			}
		}
		return strings.Join(parts, "")
	}
	return ""
}

// values returns the thresholds of a detector as texts, by the names that the configuration has for them.
func (th *Thresholds) values(detector string) map[string]string {
	all := reflect.ValueOf(*th)
	for n := range all.NumField() {
		if all.Type().Field(n).Tag.Get("toml") != detector {
			continue
		}
		of := all.Field(n)
		values := map[string]string{}
		for k := range of.NumField() {
			field := of.Type().Field(k)
			values[field.Tag.Get("toml")] = valueText(of.Field(k), field.Tag.Get("unit"))
		}
		return values
	}
	return nil
}

// valueText writes a threshold: durations and shares as findings do.
func valueText(v reflect.Value, unit string) string {
	switch value := v.Interface().(type) {
	case time.Duration:
		return facts.Lasted(int64(value))
	case float64:
		if strings.HasPrefix(unit, "share") {
			return percent(value)
		}
		return fmt.Sprintf("%g", value)
	}
	return fmt.Sprint(v.Interface())
}
