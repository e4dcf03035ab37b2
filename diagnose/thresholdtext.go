package diagnose

import (
	"reflect"

	"tracefall/diagnose/rule"
	"tracefall/diagnose/rules/recording"
)

// Threshold is one number at which a detector fires, as a person reads it.
type Threshold struct {
	Name    string // as the configuration spells it
	Value   string // with its unit
	Source  string // where the usual value comes from
	Changed bool   // by the configuration: it is not the usual value
}

// ThresholdsOf lists the numbers at which a detector fires, none for a detector without any.
func ThresholdsOf(all rule.Thresholds, detector string) []Threshold {
	for n, d := range Detectors() {
		if d.Name != detector || n >= len(all) {
			continue
		}
		own, usual := reflect.ValueOf(all[n]).Elem(), reflect.ValueOf(d.Thresholds).Elem()
		list := make([]Threshold, 0, own.NumField())
		for k := range own.NumField() {
			tag := own.Type().Field(k).Tag
			list = append(list, Threshold{
				Name: tag.Get("toml"), Value: valueText(own.Field(k), tag.Get("unit")), Source: tag.Get("source"),
				Changed: !reflect.DeepEqual(own.Field(k).Interface(), usual.Field(k).Interface()),
			})
		}
		return list
	}
	return nil
}

// LimitsSight reports whether a finding says only what a trace does not show, and with that which detectors saw little:
// there is no span to go to and nothing to mend in the service. Screens list such findings apart from the others.
func LimitsSight(f *rule.Finding) bool {
	return f.Detector == recording.BlindSpots.Name && len(f.Evidence) == 0
}
