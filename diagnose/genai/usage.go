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
		c, _ := CallOf(t.Span(i))
		if c.Input < 0 && c.Output < 0 {
			continue // it says nothing in place of its caller
		}
		below := next < t.Span(i).End()
		if next = i; below {
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

// UsageTexts says the same in lines of less and less room: tokens by model, of the first model, of all models. There is none
// for a trace without calls to models.
func UsageTexts(list []Usage) []string {
	if len(list) == 0 {
		return nil
	}
	var all Usage
	for _, u := range list {
		all.Input, all.Output = add(all.Input, u.Input), add(all.Output, u.Output)
	}
	return []string{"tokens: " + UsageText(list), UsageText(list), usageText(list, 1), "tokens: " + all.Text(), "tokens: " + trace.Grouped(int(add(all.Input, all.Output)))}
}

// mostModels is how many models a line names.
const mostModels = 2

// UsageText says what the models of a trace used, for one line: "gpt-4o 1,204 in · 310 out, gpt-4o-mini 88 in · 12 out
// and 1 more model". It is "" for a trace without calls to models.
func UsageText(list []Usage) string { return usageText(list, mostModels) }

// usageText is UsageText with so many models named.
func usageText(list []Usage, models int) string {
	var parts []string
	for _, u := range list[:min(len(list), models)] {
		parts = append(parts, u.Text())
	}
	line := strings.Join(parts, ", ")
	switch more := len(list) - len(parts); {
	case more == 1:
		line += " and 1 more model"
	case more > 1:
		line += " and " + trace.Grouped(more) + " more models"
	}
	return line
}
