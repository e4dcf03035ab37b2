package query_test

import (
	"math/big"
	"regexp"
	"strconv"
	"strings"
	"time"

	"tracefall/sources/query"
	"tracefall/sources/trace"
)

var numeral = regexp.MustCompile(`^[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?$`)

// rational reads a numeral: whole numbers exactly, others as the nearest double.
func rational(text string) *big.Rat {
	if !numeral.MatchString(text) || len(text) > 64 {
		return nil
	}
	if n, err := strconv.ParseInt(text, 10, 64); err == nil {
		return new(big.Rat).SetInt64(n)
	}
	f, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return nil
	}
	return new(big.Rat).SetFloat64(f)
}

func unitTime(text string) (time.Duration, bool) {
	if text == "" || strings.ContainsAny(text[len(text)-1:], "0123456789.") {
		return 0, false
	}
	d, err := time.ParseDuration(text)
	return d, err == nil
}

// matches compares one value with the constants of a term; of a negative term, with what must not be.
func (o *oracle) matches(t *query.Term, v fact) bool {
	switch t.Kind {
	case query.KindIn, query.KindNotIn:
		for _, c := range t.Values {
			if compareFact(t.Ref, v, c, query.OpEq) {
				return true
			}
		}
		return false
	case query.KindPhrase, query.KindFulltext:
		return phraseIn(t, v.text)
	default:
	}
	c := t.Values[0]
	switch t.Op {
	case query.OpRegex, query.OpNotRegex:
		pattern := c.Text
		if t.Fold {
			pattern = "(?i)" + pattern
		}
		return regexp.MustCompile(pattern).MatchString(v.text)
	case query.OpContains:
		if t.Fold {
			return strings.Contains(lowerLetters(v.text), lowerLetters(c.Text))
		}
		return strings.Contains(v.text, c.Text)
	case query.OpNe:
		return compareFact(t.Ref, v, c, query.OpEq)
	default:
	}
	return compareFact(t.Ref, v, c, t.Op)
}

func lowerLetters(text string) string {
	b := []byte(text)
	for i := range b {
		if 'A' <= b[i] && b[i] <= 'Z' {
			b[i] += 'a' - 'A'
		}
	}
	return string(b)
}

func phraseIn(t *query.Term, text string) bool {
	words := " " + strings.Join(strings.FieldsFunc(lowerLetters(text), func(r rune) bool { return !query.IsTermRune(r) }), " ") + " "
	if t.Kind == query.KindPhrase {
		return strings.Contains(words, lowerLetters(" "+strings.Join(query.Texts(t.Values), " ")+" "))
	}
	for _, v := range t.Values {
		if !strings.Contains(words, lowerLetters(" "+v.Text+" ")) {
			return false
		}
	}
	return true
}

// compareFact is the spec's rule for one value and one constant.
func compareFact(r query.Ref, v fact, c query.Literal, o query.Op) bool {
	constant := fact{c.Text, "text"}
	isText := c.Quoted || r.Type() == query.TypeText || r.Type() == query.TypeID || r.Type() == query.TypeKind || r.Type() == query.TypeStatus || r.Type() == query.TypeFinding || r.Type() == query.TypeBool
	if !isText {
		if _, ok := unitTime(c.Text); ok {
			constant.sort = "duration"
		} else if rational(c.Text) != nil {
			constant.sort = "number"
		} else if r.Type() == query.TypeTime {
			constant.sort = "time"
		}
	}
	if constant.sort == "text" {
		v.sort = "text"
	}
	if constant.sort == "duration" && o == query.OpEq && v.text == c.Text {
		return true
	}
	return decide(v, constant, o)
}

// decide compares two values of one sort, or a text that reads as the sort of the other.
func decide(a, b fact, o query.Op) bool {
	sort := a.sort
	if sort == "text" {
		sort = b.sort
	}
	if b.sort != "text" && b.sort != sort {
		return false
	}
	n := 0
	switch sort {
	case "text":
		n = strings.Compare(a.text, b.text)
	case "number":
		x, y := rational(a.text), rational(b.text)
		if x == nil || y == nil {
			return false
		}
		// As soon as one is no whole number both are doubles.
		if !x.IsInt() || !y.IsInt() || strings.ContainsAny(a.text+b.text, ".eE") {
			f, _ := x.Float64()
			g, _ := y.Float64()
			n = new(big.Rat).SetFloat64(f).Cmp(new(big.Rat).SetFloat64(g))
		} else {
			n = x.Cmp(y)
		}
	case "duration":
		x, ok := unitTime(a.text)
		y, ok2 := unitTime(b.text)
		if !ok || !ok2 {
			return false
		}
		n = int(min(1, max(-1, int64(x)-int64(y))))
	case "time":
		x, err := time.Parse(time.RFC3339Nano, a.text)
		y, err2 := time.Parse(time.RFC3339Nano, b.text)
		if err != nil || err2 != nil {
			return false
		}
		n = x.Compare(y)
	}
	switch o {
	case query.OpEq:
		return n == 0
	case query.OpNe:
		return n != 0
	case query.OpGt:
		return n > 0
	case query.OpGte:
		return n >= 0
	case query.OpLt:
		return n < 0
	default:
		return n <= 0
	}
}

func (o *oracle) pairs(t *query.Term, left, right []fact) bool {
	found := false
	for _, a := range left {
		for _, b := range right {
			if t.Op == query.OpNe {
				found = found || decide(a, b, query.OpEq)
			} else {
				found = found || decide(a, b, t.Op)
			}
		}
	}
	if t.Op == query.OpNe {
		return len(left) > 0 && len(right) > 0 && !found
	}
	return found
}

func (o *oracle) freeText(text string, i int) bool {
	s := o.t.Span(i)
	seen := []string{s.Name(), s.Service(), s.StatusMessage()}
	lists := []trace.Attrs{s.Attrs(), s.Resource().Attrs()}
	for j := range s.Events() {
		seen = append(seen, s.Event(j).Name())
		lists = append(lists, s.Event(j).Attrs())
	}
	for _, list := range lists {
		for key, v := range list.All() {
			seen = append(seen, key, v.String())
		}
	}
	for _, v := range seen {
		if strings.Contains(lowerLetters(v), lowerLetters(text)) {
			return true
		}
	}
	return false
}

// stage applies a step of a pipeline to groups of spans.
func (o *oracle) stage(s query.Stage, groups [][]int) [][]int {
	var out [][]int
	for _, g := range groups {
		switch s.Kind {
		case query.StageFilter:
			var kept []int
			for _, i := range g {
				if has(o.spans(s.Term), i) {
					kept = append(kept, i)
				}
			}
			out = append(out, kept)
		case query.StageSelect:
			out = append(out, g)
		case query.StageCoalesce:
			if len(out) == 0 {
				out = append(out, nil)
			}
			out[0] = append(out[0], g...)
		case query.StageCompare:
			a, ok := o.scalar(s.Left, g)
			b, ok2 := o.scalar(s.Right, g)
			if len(g) > 0 && ok && ok2 && a.compares(b, s.Op) {
				out = append(out, g)
			}
		case query.StageBy:
			parts := map[string][]int{}
			for _, i := range g {
				key := ""
				if s.Left != nil {
					if v, ok := o.selected(s.Left, i); ok {
						key = "=" + v.String()
					}
				} else if values := o.values(s.Ref, i); len(values) > 0 {
					key = "=" + values[0].text
				}
				parts[key] = append(parts[key], i)
			}
			for _, part := range parts {
				out = append(out, part)
			}
		case query.StageAggregate:
			if o.aggregate(s, g) {
				out = append(out, g)
			}
		}
	}
	return out
}

func (o *oracle) aggregate(s query.Stage, g []int) bool {
	if len(g) == 0 {
		return false
	}
	limit := readDatum(s.Value.Text)
	if s.Function == query.AggregateCount {
		return s.Op.Satisfied(compareFloats(float64(len(g)), limit))
	}
	var numbers []float64
	for _, i := range g {
		for _, v := range o.values(s.Ref, i) {
			if _, isDuration := unitTime(s.Value.Text); isDuration {
				if d, ok := unitTime(v.text); ok && v.sort != "number" {
					numbers = append(numbers, float64(d))
					break
				}
				continue
			}
			if v.sort == "duration" {
				continue
			}
			if r := rational(v.text); r != nil {
				f, _ := r.Float64()
				numbers = append(numbers, f)
				break
			}
		}
	}
	if len(numbers) == 0 {
		return false
	}
	sum, least, most := 0.0, numbers[0], numbers[0]
	for _, n := range numbers {
		sum, least, most = sum+n, min(least, n), max(most, n)
	}
	result := map[query.Aggregate]float64{query.AggregateAvg: sum / float64(len(numbers)), query.AggregateMin: least, query.AggregateMax: most, query.AggregateSum: sum}[s.Function]
	return s.Op.Satisfied(compareFloats(result, limit))
}

func readDatum(text string) float64 {
	if d, ok := unitTime(text); ok {
		return float64(d)
	}
	f, _ := strconv.ParseFloat(text, 64)
	return f
}

func compareFloats(a, b float64) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}
