package app

import (
	"slices"

	"tracefall/diagnose/rule"
)

// findingName names a finding of a trace: by its detector where that found nothing worse in it, else by its fingerprint.
func findingName(list []*rule.Finding, f *rule.Finding) string {
	if f == nil {
		return ""
	}
	if findingNamed(list, f.Detector) == f {
		return f.Detector
	}
	return f.Fingerprint
}

// findingNamed returns the first of the findings that a detector or a fingerprint names, nil for none.
func findingNamed(list []*rule.Finding, name string) *rule.Finding {
	i := slices.IndexFunc(list, func(f *rule.Finding) bool { return f.Detector == name || f.Fingerprint == name })
	if i < 0 {
		return nil
	}
	return list[i]
}
