package config

import (
	"fmt"
	"slices"

	"tracefall/diagnose"
	"tracefall/diagnose/rule"
	"tracefall/sources/spelling"
)

// parseThresholds reads the tables [diagnose.NAME] of a configuration. What it does not know is an error that says
// where and what was meant.
func parseThresholds(in places, tables map[string]any) (rule.Thresholds, error) {
	all := diagnose.DefaultThresholds()
	var detectors []string
	names := map[string][]string{} // of thresholds, by detector
	known := map[[2]string]Threshold{}
	for _, t := range ThresholdsOf(all) {
		if !slices.Contains(detectors, t.Detector) {
			detectors = append(detectors, t.Detector)
		}
		names[t.Detector] = append(names[t.Detector], t.Name)
		known[[2]string{t.Detector, t.Name}] = t
	}
	for _, detector := range sortedNames(tables) {
		if !slices.Contains(detectors, detector) {
			return nil, fmt.Errorf("%s: unknown detector %q%s", in.at("diagnose", detector), detector, spelling.Suggest(detector, detectors))
		}
		settings, ok := tables[detector].(map[string]any)
		if !ok {
			return nil, fmt.Errorf("%s: expected a table [diagnose.%s]", in.at("diagnose", detector), detector)
		}
		for _, name := range sortedNames(settings) {
			where := in.at("diagnose", detector, name)
			t, ok := known[[2]string{detector, name}]
			if !ok {
				return nil, fmt.Errorf("%s: unknown threshold %q of %s%s", where, name, detector, spelling.Suggest(name, names[detector]))
			}
			if err := t.set(settings[name]); err != nil {
				return nil, fmt.Errorf("%s: %s of %s: %w", where, name, detector, err)
			}
		}
	}
	return all, nil
}
