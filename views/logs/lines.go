package logs

import (
	"cmp"
	"strings"

	"tracefall/diagnose/secrets"
	"tracefall/sources/logline"
	"tracefall/sources/trace"
	"tracefall/views/draw"
	"tracefall/views/style"
)

// Lines are the lines of a trace, ready to be shown. They do not change.
type Lines struct {
	all      []line
	severity [logline.Fatal + 1]int // how many lines are of each
	services int                    // cells of the widest service
	from, to int64                  // ns since the epoch: the first and the last
}

// line is what was logged.
type line struct {
	logline.Line
	masked  string // the text without its secrets
	service string // that the line names, or that of its span; without its secrets
	span    int    // that it was logged in, as its index in the trace; -1 for none
}

// Read makes lines ready for a trace. It looks for secrets in all of them, so it is for a job.
func Read(t *trace.Trace, lines []logline.Line) *Lines {
	spans := map[trace.SpanID]int{}
	for i := t.First(); i < t.Len(); i++ {
		spans[t.Span(i).ID()] = i
	}
	ls := &Lines{all: make([]line, len(lines))}
	for n, l := range lines {
		one := line{Line: l, masked: secrets.Masked(l.Text), span: -1}
		if at, ok := spans[l.Span]; ok && !l.Span.IsZero() {
			one.span = at
		}
		one.service = secrets.Masked(l.Service)
		if one.span >= 0 {
			one.service = cmp.Or(one.service, secrets.ServiceName(t.Span(one.span)))
		}
		ls.all[n] = one
		ls.severity[l.Severity]++
		ls.services = max(ls.services, draw.Width(one.service))
	}
	if len(lines) > 0 {
		ls.from, ls.to = lines[0].Time, lines[len(lines)-1].Time
	}
	return ls
}

// text is what the line says, with its secrets masked where they are to be.
func (l *line) text(masks bool) string {
	if masks {
		return l.masked
	}
	return l.Text
}

// contains reports whether every word, in lower case, is somewhere in what a row shows.
func (l *line) contains(words []string, masks bool) bool {
	text := strings.ToLower(l.text(masks) + " " + l.service + " " + l.Severity.String())
	for _, word := range words {
		if !strings.Contains(text, word) {
			return false
		}
	}
	return true
}

// failed and warned count the lines of those severities.
func (ls *Lines) failed() int { return ls.severity[logline.Error] + ls.severity[logline.Fatal] }
func (ls *Lines) warned() int { return ls.severity[logline.Warn] }

// textInk is the ink of a text.
func textInk(s logline.Severity, theme *style.Theme) draw.Ink {
	switch {
	case s >= logline.Error:
		return theme.Error
	case s == logline.Trace, s == logline.Debug:
		return theme.Dim
	}
	return theme.Text
}
