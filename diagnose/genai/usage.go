package genai

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"tracefall/sources/trace"
)

// Usage is what calls to one model used.
type Usage struct {
	Model         string // "" where the spans do not name it
	Calls         int
	Input, Output int64 // tokens
}

// UsageByModel sums the tokens of a trace by model, the model with the most tokens first. Agents and frameworks repeat on
// their own spans what the calls below them used, so a span counts only where no span below it has tokens:
//
//	invoke_agent  1,204 in          not counted
//	  chat gpt-4o 1,204 in          counted
//	    POST /v1/chat/completions
func UsageByModel(t *trace.Trace) []Usage {
	keys := usageSymbols(t.Set())
	if len(keys) == 0 {
		return nil
	}
	uses := make([]bool, t.Len())
	for i := range uses {
		attrs := t.Span(i).Attrs()
		for k := range attrs.Len() {
			if slices.Contains(keys, attrs.KeySymbol(k)) {
				uses[i] = true
				break
			}
		}
	}
	var list []Usage
	at, next := map[string]int{}, t.Len() // next is the nearest span behind i that has tokens
	for i := t.Len() - 1; i >= 0; i-- {
		if !uses[i] {
			continue
		}
		below := next < t.Span(i).End()
		next = i
		if below {
			continue
		}
		c, _ := CallOf(t.Span(i))
		if c.Input < 0 && c.Output < 0 {
			continue
		}
		n, known := at[c.Model]
		if !known {
			n = len(list)
			at[c.Model] = n
			list = append(list, Usage{Model: c.Model})
		}
		u := &list[n]
		u.Calls++
		u.Input, u.Output = add(u.Input, c.Input), add(u.Output, c.Output)
	}
	slices.SortFunc(list, func(a, b Usage) int {
		return cmp.Or(cmp.Compare(add(b.Input, b.Output), add(a.Input, a.Output)), cmp.Compare(a.Model, b.Model))
	})
	return list
}

// add adds a count to a sum, which stays at the largest number there is.
func add(sum, n int64) int64 {
	n = max(n, 0)
	if sum > math.MaxInt64-n {
		return math.MaxInt64
	}
	return sum + n
}

// usageSymbols are the keys of a set that carry counts of tokens; none for most sets.
func usageSymbols(set *trace.Set) []trace.Symbol {
	var list []trace.Symbol
	for _, keys := range [...][]string{inputKeys[:], outputKeys[:]} {
		for _, key := range keys {
			if symbol, ok := set.Symbol(key); ok {
				list = append(list, symbol)
			}
		}
	}
	return list
}

// Text says what a model used: "gpt-4o 1,204 in · 310 out".
func (u Usage) Text() string {
	tokens := trace.Grouped(int(u.Input)) + " in · " + trace.Grouped(int(u.Output)) + " out"
	if u.Model == "" {
		return tokens
	}
	return u.Model + " " + tokens
}

// UsageText says what the models of a trace used, for one line that names at most so many: "tokens: gpt-4o 1,204 in · 310
// out, gpt-4o-mini 88 in · 12 out, 1 more model". It is "" for a trace without calls to models.
func UsageText(list []Usage, most int) string {
	if len(list) == 0 {
		return ""
	}
	var parts []string
	for _, u := range list[:min(len(list), most)] {
		parts = append(parts, u.Text())
	}
	line := "tokens: " + strings.Join(parts, ", ")
	switch more := len(list) - len(parts); {
	case more == 1:
		line += ", 1 more model"
	case more > 1:
		line += ", " + trace.Grouped(more) + " more models"
	}
	return line
}
