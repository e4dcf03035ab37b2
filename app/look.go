package app

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"tracefall/diagnose"
	"tracefall/views/waterfall"
)

// The words of --draw: how a waterfall shows its trace.
const (
	drawPath     = "path"
	drawPathOnly = "path-only"
	drawClocks   = "clocks"
	drawGroups   = "groups"
	drawGaps     = "gaps"
	drawMatches  = "matches"
)

var drawChoices = []string{drawPath, drawPathOnly, drawClocks, drawGroups, drawGaps, drawMatches}

// look is how the command line asks to show a waterfall.
type look struct {
	waterfall.Look
	hide bool // spans that do not match
}

// lookFlags reads --draw and --zoom.
func lookFlags(words, zoom string) (look, error) {
	var l look
	for word := range strings.SplitSeq(words, ",") {
		switch word = strings.TrimSpace(word); word {
		case "":
		case drawPath:
			l.Path = true
		case drawPathOnly:
			l.PathOnly = true
		case drawClocks:
			l.Clocks = true
		case drawGroups:
			l.Groups = true
		case drawGaps:
			l.Gaps = true
		case drawMatches:
			l.hide = true
		default:
			return l, fmt.Errorf("--draw: unknown %q: expected some of %s", word, strings.Join(drawChoices, ", "))
		}
	}
	if zoom == "" {
		return l, nil
	}
	from, to, ok := strings.Cut(zoom, "..")
	start, err1 := time.ParseDuration(strings.TrimSpace(from))
	end, err2 := time.ParseDuration(strings.TrimSpace(to))
	if !ok || err1 != nil || err2 != nil || end <= start {
		return l, fmt.Errorf("--zoom %q: expected two times after the start of the trace, such as 1.2s..3s", zoom)
	}
	l.From, l.To = int64(start), int64(end)
	return l, nil
}

// words writes a look as the values of --draw and --zoom, "" for what goes without saying.
func (l look) words() (words, zoom string) {
	var list []string
	for n, on := range []bool{l.Path, l.PathOnly, l.Clocks, l.Groups, l.Gaps, l.hide} {
		if on {
			list = append(list, drawChoices[n])
		}
	}
	if l.To > l.From {
		zoom = time.Duration(l.From).String() + ".." + time.Duration(l.To).String()
	}
	return strings.Join(list, ","), zoom
}

// findingName names a finding of a trace: by its detector where that found nothing worse in it, else by its fingerprint.
func findingName(list []*diagnose.Finding, f *diagnose.Finding) string {
	if f == nil {
		return ""
	}
	if findingNamed(list, f.Detector) == f {
		return f.Detector
	}
	return f.Fingerprint
}

// findingNamed returns the first of the findings that a detector or a fingerprint names, nil for none.
func findingNamed(list []*diagnose.Finding, name string) *diagnose.Finding {
	i := slices.IndexFunc(list, func(f *diagnose.Finding) bool { return f.Detector == name || f.Fingerprint == name })
	if i < 0 {
		return nil
	}
	return list[i]
}
