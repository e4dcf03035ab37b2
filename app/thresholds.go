package app

import (
	"fmt"
	"reflect"
	"strings"
	"time"

	"tracefall/diagnose"
)

// threshold is one number at which a detector fires, as the command line and the configuration name it.
type threshold struct {
	detector, name, unit, source string
	value                        reflect.Value // a field of the detector's thresholds
}

// thresholdsOf lists the thresholds, in the order of the registry.
func thresholdsOf(all diagnose.Thresholds) []threshold {
	var list []threshold
	for n, d := range diagnose.Detectors() {
		of := reflect.ValueOf(all[n]).Elem()
		for _, f := range reflect.VisibleFields(of.Type()) {
			list = append(list, threshold{
				detector: d.Name, name: f.Tag.Get("toml"), unit: f.Tag.Get("unit"), source: f.Tag.Get("source"),
				value: of.FieldByIndex(f.Index),
			})
		}
	}
	return list
}

// String writes the value as the configuration would.
func (t threshold) String() string {
	if d, ok := t.value.Interface().(time.Duration); ok {
		return spelt(d)
	}
	return fmt.Sprint(t.value.Interface())
}

// spelt writes a duration without the zeros that Duration.String ends in: "1m", not "1m0s".
func spelt(d time.Duration) string {
	text := d.String()
	if strings.HasSuffix(text, "m0s") {
		text = strings.TrimSuffix(text, "0s")
	}
	if strings.HasSuffix(text, "h0m") {
		text = strings.TrimSuffix(text, "0m")
	}
	return text
}

// set takes a value of the configuration.
func (t threshold) set(value any) error {
	if t.value.Type() == reflect.TypeFor[time.Duration]() {
		return t.setDuration(value)
	}
	switch t.value.Kind() {
	case reflect.Int, reflect.Int64:
		n, ok := value.(int64)
		if !ok || n < 0 {
			return fmt.Errorf("expected a whole number of 0 or more such as %s, got %v", t, value)
		}
		t.value.SetInt(n)
	case reflect.Float64:
		f, ok := value.(float64)
		if n, whole := value.(int64); whole {
			f, ok = float64(n), true
		}
		switch {
		case !ok || !(f >= 0): // not a number is not 0 or more
			return fmt.Errorf("expected a number of 0 or more such as %s, got %v", t, value)
		case f > 1 && strings.HasPrefix(t.unit, "share"):
			return fmt.Errorf("expected a share from 0 to 1 such as %s, got %v", t, value)
		}
		t.value.SetFloat(f)
	case reflect.Bool:
		b, ok := value.(bool)
		if !ok {
			return fmt.Errorf("expected true or false, got %v", value)
		}
		t.value.SetBool(b)
	default:
		return fmt.Errorf("cannot be set")
	}
	return nil
}

func (t threshold) setDuration(value any) error {
	text, ok := value.(string)
	if !ok {
		return fmt.Errorf(`expected a duration with its unit such as "%s", got %v`, t, value)
	}
	d, err := time.ParseDuration(strings.ReplaceAll(text, " ", ""))
	if err != nil || d < 0 {
		return fmt.Errorf(`expected a duration of 0 or more such as "%s", got %q`, t, text)
	}
	t.value.SetInt(int64(d))
	return nil
}
