package session

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"tracefall/views/waterfall"
)

// Look is how the command line asks to show a waterfall.
type Look struct {
	waterfall.Look
	Hide bool // spans that do not match
}

// drawing is a word of --draw, and what it turns on.
type drawing struct {
	word string
	on   *bool
}

func (l *Look) drawings() []drawing {
	return []drawing{
		{"path", &l.Path}, {"path-only", &l.PathOnly}, {"clocks", &l.Clocks}, {"groups", &l.Groups}, {"gaps", &l.Gaps}, {"matches", &l.Hide},
	}
}

// ParseLook reads --draw and --zoom.
func ParseLook(words, zoom string) (Look, error) {
	var l Look
	all := l.drawings()
	for word := range strings.SplitSeq(words, ",") {
		if word = strings.TrimSpace(word); word == "" {
			continue
		}
		i := slices.IndexFunc(all, func(d drawing) bool { return d.word == word })
		if i < 0 {
			return l, fmt.Errorf("--draw: unknown option %q: expected %s", word, joined(all, ", "))
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
		return l, fmt.Errorf("--zoom %q: expected two times since the start of the trace, such as 1.2s..3s", zoom)
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
func (l Look) words() (words, zoom string) {
	on := slices.DeleteFunc(l.drawings(), func(d drawing) bool { return !*d.on })
	if l.To > l.From {
		zoom = time.Duration(l.From).String() + ".." + time.Duration(l.To).String()
	}
	return joined(on, ","), zoom
}
