package views

import (
	"testing"

	"tracefall/diagnose/rule"
	"tracefall/views/style"
)

// Nothing is wrong with the spans that a finding compares with, so they are not red.
func TestBaselinesAreQuiet(t *testing.T) {
	theme, err := style.New("dark", false)
	if err != nil {
		t.Fatal(err)
	}
	for _, level := range []Level{LevelCritical, LevelWarning, LevelInfo} {
		if _, ink := RoleGlyph(rule.RoleBaseline, level, &theme); ink != theme.Dim {
			t.Errorf("level %d: baselines are %+v", level, ink)
		}
		_, finding := LevelGlyph(level, &theme)
		if _, ink := RoleGlyph(rule.RoleOffender, level, &theme); ink != finding {
			t.Errorf("level %d: affected spans are %+v, the finding is %+v", level, ink, finding)
		}
	}
}
