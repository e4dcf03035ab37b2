package app

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

// reopening is what it takes to open the very view that is on the screen.
type reopening struct {
	inputs []string
	diff   []string // the words after `diff` that open it, nil for none; quoted
	demo   string   // the incident of the demo, "" for none
	view   string
	by     string // what the statistics are grouped by
	where  string
	trace  *trace.Trace // nil in the list
	good   *trace.Trace // that trace is compared with, nil for none
	span   int          // -1 for none
	folds  []int        // folded spans
	look   look
	found  string // the finding gone to, as --finding names it
	time   string // the time format, "" for the usual one
	join   bool   // traces are joined by the lower half of their ids

	withheld bool // the query is left out, as it holds a secret
}

// without says what the command lacks, "" for nothing.
func (r reopening) without() string {
	if !r.withheld {
		return ""
	}
	return " without the query, which holds a secret"
}

// command returns the command line, quoted for a shell.
func (r reopening) command() string {
	words := []string{"tracefall"}
	if r.join {
		words = append(words, "--join-ids")
	}
	if r.diff != nil {
		return strings.Join(append(append(words, "diff"), r.diff...), " ")
	}
	if r.demo != "" {
		words = append(words, "demo", r.demo)
	}
	words = append(words, quotedInputs(r.inputs)...)
	add := func(flag, value string) {
		if value != "" {
			words = append(words, "--"+flag, shellQuote(value))
		}
	}
	add("where", r.where)
	if r.trace != nil {
		add("trace", r.trace.ID().String())
		if r.span >= 0 {
			add("span", r.trace.Span(r.span).ID().String())
		}
		if len(r.folds) <= mostFolds {
			ids := make([]string, len(r.folds))
			for i, f := range r.folds {
				ids[i] = r.trace.Span(f).ID().String()
			}
			add("fold", strings.Join(ids, ","))
		}
	}
	drawn, zoom := r.look.words()
	add("draw", drawn)
	add("zoom", zoom)
	add("finding", r.found)
	if r.good != nil {
		add("compare", r.good.ID().String())
	}
	add("view", r.view)
	if r.by != statistics.GroupService {
		add("by", r.by)
	}
	add("time", r.time)
	return strings.Join(words, " ")
}

// quotedInputs writes inputs as words of a shell that are no flags.
func quotedInputs(inputs []string) []string {
	words := make([]string, 0, len(inputs))
	for _, in := range inputs {
		if strings.HasPrefix(in, "-") && in != "-" {
			in = "./" + in
		}
		words = append(words, shellQuote(in))
	}
	return words
}

// shellQuote quotes a word for a POSIX shell, where that is needed.
func shellQuote(word string) string {
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

// foldFlag reads --fold: span ids, or a depth.
func foldFlag(text string, t *trace.Trace) (spans []int, depth int) {
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
