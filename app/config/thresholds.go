package config

import (
	"fmt"
	"reflect"
	"strings"
	"time"

	"tracefall/diagnose"
	"tracefall/diagnose/rule"
)

// Threshold is one number at which a detector fires, as the command line and the configuration name it.
type Threshold struct {
	Detector, Name, Unit, Source string
	Value                        reflect.Value // a field of the detector's thresholds
}

// ThresholdsOf lists the thresholds, in the order of the registry.
func ThresholdsOf(all rule.Thresholds) []Threshold {
	var list []Threshold
	for n, d := range diagnose.Detectors() {
		of := reflect.ValueOf(all[n]).Elem()
		for _, f := range reflect.VisibleFields(of.Type()) {
			list = append(list, Threshold{
				Detector: d.Name, Name: f.Tag.Get("toml"), Unit: f.Tag.Get("unit"), Source: f.Tag.Get("source"),
				Value: of.FieldByIndex(f.Index),
			})
		}
	}
	return list
}

// String writes the value as the configuration would.
func (t Threshold) String() string {
	if d, ok := t.Value.Interface().(time.Duration); ok {
		return spelt(d)
	}
	return fmt.Sprint(t.Value.Interface())
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
func (t Threshold) set(value any) error {
	if t.Value.Type() == reflect.TypeFor[time.Duration]() {
		return t.setDuration(value)
	}
	switch t.Value.Kind() {
	case reflect.Int, reflect.Int64:
		n, ok := value.(int64)
		if !ok || n < 0 {
			return fmt.Errorf("expected a whole number of 0 or more such as %s, got %v", t, value)
		}
		t.Value.SetInt(n)
	case reflect.Float64:
		f, ok := value.(float64)
		if n, whole := value.(int64); whole {
			f, ok = float64(n), true
		}
		switch {
		case !ok || !(f >= 0): // not a number is not 0 or more
			return fmt.Errorf("expected a number of 0 or more such as %s, got %v", t, value)
		case f > 1 && strings.HasPrefix(t.Unit, "share"):
			return fmt.Errorf("expected a share from 0 to 1 such as %s, got %v", t, value)
		}
		t.Value.SetFloat(f)
	case reflect.Bool:
		b, ok := value.(bool)
		if !ok {
			return fmt.Errorf("expected true or false, got %v", value)
		}
		t.Value.SetBool(b)
	default:
		return fmt.Errorf("cannot be set")
	}
	return nil
}

func (t Threshold) setDuration(value any) error {
	text, ok := value.(string)
	if !ok {
		return fmt.Errorf(`expected a duration with its unit such as "%s", got %v`, t, value)
	}
	d, err := time.ParseDuration(strings.ReplaceAll(text, " ", ""))
	if err != nil || d < 0 {
		return fmt.Errorf(`expected a duration of 0 or more such as "%s", got %q`, t, text)
	}
	t.Value.SetInt(int64(d))
	return nil
}
