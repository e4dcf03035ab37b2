package diagnose

import (
	"cmp"
	"fmt"
	"reflect"
	"strings"
	"time"

	"tracefall/diagnose/rule"
	"tracefall/diagnose/units"
	"tracefall/sources/trace"
)

// Rule returns when a detector fires, in words, with the thresholds' values where the detector's Rule names them;
// "" for a detector that does not exist.
func Rule(all rule.Thresholds, detector string) string {
	for n, d := range append(Detectors(), BaselineDifference()) {
		if d.Name != detector {
			continue
		}
		values := map[string]string{}
		if n < len(all) {
			values = texts(all[n])
		}
		parts := strings.Split(d.Rule, "`")
		for n := 1; n < len(parts); n += 2 {
			parts[n] = cmp.Or(values[parts[n]], parts[n])
		}
		return strings.Join(parts, "")
	}
	return ""
}

// texts returns a detector's thresholds, by the names that the configuration has for them.
func texts(thresholds any) map[string]string {
	of, values := reflect.ValueOf(thresholds).Elem(), map[string]string{}
	for k := range of.NumField() {
		field := of.Type().Field(k)
		name := field.Tag.Get("toml")
		if values[name] = valueText(of.Field(k), field.Tag.Get("unit")); field.Type.Kind() == reflect.Bool {
			values[name] = name // "if emails is on"
		}
	}
	return values
}

// valueText writes a threshold: numbers, durations and shares as findings do.
func valueText(v reflect.Value, unit string) string {
	switch value := v.Interface().(type) {
	case time.Duration:
		return units.Lasted(int64(value))
	case float64:
		if strings.HasPrefix(unit, "share") {
			return units.PercentOf(value)
		}
		return fmt.Sprintf("%g", value)
	case int:
		return trace.Grouped(value)
	case int64:
		return trace.Grouped(int(value))
	}
	return fmt.Sprint(v.Interface())
}
