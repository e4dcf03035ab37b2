package query

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// unexpected complains about what follows.
func (r *reader) unexpected(closing string) {
	end := r.word(r.pos, isWordRune)
	if end == r.pos {
		_, size := utf8.DecodeRuneInString(r.text[r.pos:])
		end += size
	}
	sign := r.text[r.pos:end]
	what, meant := "unexpected "+quoteShort(sign), ""
	switch rest := r.text[r.pos:]; {
	case closing != "":
		what += ", expected " + closing
	case strings.HasPrefix(rest, "&&") || strings.HasPrefix(rest, "||"):
		end = r.pos + 2
		what = rest[:2] + " joins spansets; a pipeline stands in parentheses: ({ … } | count() > 1)"
	case sign == "&":
		what, meant = "& is no operator", "&&"
	case sign == ")" || sign == "}":
		what = "unexpected " + sign
	}
	r.fail(r.pos, end, what, meant)
}

// missingOperator refuses a key without operator, or with a word in its place.
func (r *reader) missingOperator(n name) {
	r.space()
	if word := r.nextWord(); word != "" && !keyword(word) {
		r.noOperator(n, r.pos, word)
		return
	}
	r.fail(n.end, n.end, "expected an operator after "+quoteShort(n.text)+": = != > >= < <= =~ !~ ~ in", "")
}

// noOperator refuses a word that stands where an operator would.
func (r *reader) noOperator(n name, at int, word string) {
	message, meant := "unknown operator "+Shorten(word), wordsElsewhere[strings.ToLower(word)]
	if meant == "" {
		meant = Nearest(word, []string{"in", "phrase", "fulltext"})
	}
	if meant == "" && fieldNamed(n.text) == FieldNone && !r.braces {
		message += " after " + quoteShort(n.text) + "; quote phrases: " + quoteShort(n.text+" "+word)
		meant = quote(n.text + " " + word)
	}
	r.fail(at, at+len(word), message, meant)
}

// wordsElsewhere are the words that stand for an operator elsewhere.
var wordsElsewhere = map[string]string{
	"is": "=", "eq": "=", "equals": "=", "ne": "!=", "isnt": "!=", "gt": ">", "over": ">", "above": ">", "gte": ">=", "ge": ">=",
	"lt": "<", "under": "<", "below": "<", "lte": "<=", "le": "<=", "like": "~", "contains": "~", "includes": "~",
	"matches": "=~", "regex": "=~", "regexp": "=~",
}

// metrics are TraceQL's functions over time, refused by name.
const metrics = " rate count_over_time sum_over_time avg_over_time min_over_time max_over_time quantile_over_time histogram_over_time compare topk bottomk "

// noFunction refuses a word that is no function here, or behind a pipe no step of a pipeline.
func (r *reader) noFunction(n name, piped bool) {
	var message, meant string
	switch {
	case strings.Contains(metrics, " "+n.text+" "):
		message = n.text + "() is a metric over time; a query selects spans"
	case piped && n.text == "with":
		message = "with ( ) stands at the end, without a pipe"
	case piped:
		message = "there is no pipeline function " + Shorten(n.text)
		meant = Nearest(n.text, slices.Concat(aggregateNames[:], stageNames[:]))
	case aggregateOf(n.text) < AggregateCountOf || n.text == "by":
		message, meant = n.text+"() stands behind a pipe", "| "+n.text+"("
	default:
		message = "there is no function " + n.text
		meant = Nearest(n.text, slices.Concat(relationNames[:], []string{"event", "link", "field"}))
	}
	r.fail(n.at, n.end, message, meant)
}
