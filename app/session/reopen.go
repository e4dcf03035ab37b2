package session

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"tracefall/sources/trace"
	"tracefall/views/draw"
	"tracefall/views/statistics"
)

// mostFolds is how many folded spans the command that reopens a view names at most.
const mostFolds = 40

// Reopening is what it takes to open the very view that is on the screen.
type Reopening struct {
	Inputs []string
	Asks   []string // the flags that ask the same of a backend; quoted
	Diff   []string // the words after `diff` that open it, nil for none; quoted
	Demo   string   // the incident of the demo, "" for none
	View   string
	By     string // what the statistics are grouped by
	Where  string
	Trace  *trace.Trace // nil in the list
	Good   *trace.Trace // that trace is compared with, nil for none
	Span   int          // -1 for none
	Folds  []int        // folded spans
	Look   Look
	Found  string // the finding gone to, as --finding names it
	Time   string // the time format, "" for the usual one
	Join   bool   // traces are joined by the lower half of their ids

	Withheld bool // the query is left out, as it holds a secret
}

// Without says what the command lacks, "" for nothing.
func (r Reopening) Without() string {
	if !r.Withheld {
		return ""
	}
	return " without the query, which holds a secret"
}

// Command returns the command line, quoted for a shell.
func (r Reopening) Command() string {
	words := []string{"tracefall"}
	if r.Join {
		words = append(words, "--join-ids")
	}
	words = append(words, r.Asks...)
	if r.Diff != nil {
		return strings.Join(append(append(words, "diff"), r.Diff...), " ")
	}
	if r.Demo != "" {
		words = append(words, "demo", r.Demo)
	}
	words = append(words, QuotedInputs(r.Inputs)...)
	add := func(flag, value string) {
		if value != "" {
			words = append(words, "--"+flag, ShellQuote(value))
		}
	}
	add("where", r.Where)
	if r.Trace != nil {
		add("trace", r.Trace.ID().String())
		if r.Span >= 0 {
			add("span", r.Trace.Span(r.Span).ID().String())
		}
		if len(r.Folds) <= mostFolds {
			ids := make([]string, len(r.Folds))
			for i, f := range r.Folds {
				ids[i] = r.Trace.Span(f).ID().String()
			}
			add("fold", strings.Join(ids, ","))
		}
	}
	drawn, zoom := r.Look.words()
	add("draw", drawn)
	add("zoom", zoom)
	add("finding", r.Found)
	if r.Good != nil {
		add("compare", r.Good.ID().String())
	}
	add("view", r.View)
	if r.By != statistics.GroupService {
		add("by", r.By)
	}
	add("time", r.Time)
	return strings.Join(words, " ")
}

// QuotedInputs writes inputs as words of a shell that are no flags.
func QuotedInputs(inputs []string) []string {
	words := make([]string, 0, len(inputs))
	for _, in := range inputs {
		if strings.HasPrefix(in, "-") && in != "-" {
			in = "./" + in
		}
		words = append(words, ShellQuote(in))
	}
	return words
}

// ShellQuote quotes a word for a POSIX shell, where that is needed.
func ShellQuote(word string) string {
	const safe = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./,:=@%+"
	if word != "" && strings.Trim(word, safe) == "" {
		return word
	}
	if draw.Clean(word) != word {
		return ansiQuote(word)
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}

// ansiQuote quotes a word with characters that a terminal would act on or not show, as bash, zsh and ksh read it.
func ansiQuote(word string) string {
	var b strings.Builder
	b.WriteString("$'")
	for len(word) > 0 {
		r, n := utf8.DecodeRuneInString(word)
		text := word[:n]
		word = word[n:]
		switch {
		case r == '\'' || r == '\\':
			b.WriteString(`\` + text)
		case (r != utf8.RuneError || n > 1) && draw.Clean(text) == text:
			b.WriteString(text)
		default:
			for i := range n {
				fmt.Fprintf(&b, `\x%02x`, text[i])
			}
		}
	}
	return b.String() + "'"
}

// ParseFold reads --fold: span ids, or a depth.
func ParseFold(text string, t *trace.Trace) (spans []int, depth int) {
	if n, err := strconv.Atoi(text); err == nil && len(text) < 4 {
		return nil, n
	}
	wanted := map[trace.SpanID]bool{}
	for id := range strings.SplitSeq(text, ",") {
		if id = strings.TrimSpace(id); id != "" {
			wanted[trace.ParseSpanID(id)] = true
		}
	}
	for i := t.First(); i < t.Len() && len(wanted) > 0; i++ {
		if id := t.Span(i).ID(); wanted[id] {
			spans = append(spans, i)
			delete(wanted, id)
		}
	}
	return spans, -1
}
