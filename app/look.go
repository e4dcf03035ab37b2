package app

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"tracefall/diagnose"
	"tracefall/views/waterfall"
)

// look is how the command line asks to show a waterfall.
type look struct {
	waterfall.Look
	hide bool // spans that do not match
}

// drawing is a word of --draw, and what it turns on.
type drawing struct {
	word string
	on   *bool
}

func (l *look) drawings() []drawing {
	return []drawing{
		{"path", &l.Path}, {"path-only", &l.PathOnly}, {"clocks", &l.Clocks}, {"groups", &l.Groups}, {"gaps", &l.Gaps}, {"matches", &l.hide},
	}
}

// lookFlags reads --draw and --zoom.
func lookFlags(words, zoom string) (look, error) {
	var l look
	all := l.drawings()
	for word := range strings.SplitSeq(words, ",") {
		if word = strings.TrimSpace(word); word == "" {
			continue
		}
		i := slices.IndexFunc(all, func(d drawing) bool { return d.word == word })
		if i < 0 {
			return l, fmt.Errorf("--draw: unknown %q: expected some of %s", word, joined(all, ", "))
		}
		*all[i].on = true
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

// joined writes the words of drawings.
func joined(all []drawing, between string) string {
	var words []string
	for _, d := range all {
		words = append(words, d.word)
	}
	return strings.Join(words, between)
}

// words writes a look as the values of --draw and --zoom, "" for what goes without saying.
func (l look) words() (words, zoom string) {
	on := slices.DeleteFunc(l.drawings(), func(d drawing) bool { return !*d.on })
	if l.To > l.From {
		zoom = time.Duration(l.From).String() + ".." + time.Duration(l.To).String()
	}
	return joined(on, ","), zoom
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
