package comparison

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"tracefall/diagnose/compare"
	"tracefall/diagnose/units"
	"tracefall/sources"
	"tracefall/sources/trace"
	"tracefall/sources/tracetest"
	"tracefall/views"
	"tracefall/views/draw"
	"tracefall/views/tree"
	"tracefall/views/viewstest"
)

// TestOneArithmetic collects, over many pairs of traces, every number that the renderings of a comparison show and
// holds those about one thing against each other: headline, causes, rows, folded rows, printed text, Markdown.
func TestOneArithmetic(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 16))
	for n := range 400 {
		good, bad := madePair(r)
		a, b := tracetest.One(t, good), tracetest.One(t, bad)
		checkArithmetic(t, fmt.Sprintf("pair %d\n%s\nand\n%s", n, good, bad), pairTraces(a, b))
		if t.Failed() {
			return
		}
	}
}

func TestOneArithmeticOfTheDemo(t *testing.T) {
	files, err := filepath.Glob(filepath.Join("..", "..", "testdata", "demo", "*.jsonl.gz"))
	if err != nil || len(files) < 20 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	var before *trace.Trace
	for _, file := range files {
		set := viewstest.OpenDemo(t, filepath.Base(file))
		for i := range min(set.Len(), 6) {
			last := set.Trace(set.Len() - 1 - i)
			checkArithmetic(t, file, pairTraces(set.Trace(i), last))
		}
		if before != nil {
			checkArithmetic(t, file+" and the one before", pairTraces(before, set.Trace(0)))
		}
		before = set.Trace(0)
	}
}

func TestOneArithmeticOfRealTraces(t *testing.T) {
	files, _ := filepath.Glob(filepath.Join(tracetest.Corpus(t), "*.json*"))
	var before *trace.Trace
	for _, file := range files {
		res, err := sources.Open(t.Context(), []string{file}, sources.Options{Workers: 1})
		if err != nil || res.Set.Len() == 0 {
			continue
		}
		t.Cleanup(func() { _ = res.Set.Close() })
		set := res.Set
		for i := range min(set.Len()-1, 4) {
			checkArithmetic(t, file, pairTraces(set.Trace(i), set.Trace(i+1)))
			checkArithmetic(t, file, pairTraces(set.Trace(i+1), set.Trace(set.Len()-1)))
		}
		if before != nil {
			checkArithmetic(t, file+" and the one before", pairTraces(before, set.Trace(0)))
		}
		before = set.Trace(0)
	}
}

// checkArithmetic holds everything that is shown of one comparison against what it stands on.
func checkArithmetic(t *testing.T, name string, c *compare.Comparison) {
	t.Helper()
	fail := func(format string, args ...any) { t.Helper(); t.Errorf("%s:\n%s", name, fmt.Sprintf(format, args...)) }
	if whole := c.Bad.Trace.Duration() - c.Good.Trace.Duration(); c.Delta != whole || c.DeltaOf(0) != whole || c.Slower+c.Faster != whole {
		fail("the difference is %d, the top makes %d, slower %d and faster %d; the traces differ by %d", c.Delta, c.DeltaOf(0), c.Slower, c.Faster, whole)
	}
	v := New()
	v.SetComparison(c)
	checkFolded(v, fail)
	checkRows(t, v, fail)
	checkHeadline(v, fail)
	checkMarkdown(v, fail)
	checkPrinted(t, v, fail)
	viewstest.Do(v, views.OpenAll)
	checkRows(t, v, fail)
	checkSentences(c, fail)
}

// shareWanted is the share that a part must have wherever it is shown.
func shareWanted(c *compare.Comparison, part int64) string {
	switch {
	case !c.Shares():
		return ""
	case part == 0:
		return "0 %"
	}
	whole := c.Delta
	if whole < 0 {
		whole, part = -whole, -part
	}
	return draw.Percent(part, whole)
}

// column writes a contribution as tables of them do: microseconds only where all that grew, or shrank, is under a second.
func column(c *compare.Comparison, delta int64) string {
	sign := ""
	if delta > 0 {
		sign = "+"
	}
	return sign + units.Aligned(delta, c.Slower >= units.Second || -c.Faster >= units.Second)
}

// checkFolded: what is folded at first hides no contributor, and what is called unchanged is.
func checkFolded(v *Comparison, fail func(string, ...any)) {
	hidden := func(from, to int) (k int, found bool) {
		for k, cause := range v.rows.c.Causes {
			if cause.Node >= from && cause.Node < to && !cause.NotExecuted && v.rows.c.Weighs(cause.Delta) {
				return k, true
			}
		}
		return 0, false
	}
	for _, r := range v.rows.list {
		n := &v.rows.c.Nodes[r.node]
		if v.rows.state(r) == tree.Open || n.NotReached {
			continue
		}
		switch r.kind {
		case runRow:
			text := v.rows.headingText(r)
			if k, found := hidden(int(r.node), int(r.end)); found {
				fail("%q hides the cause %+v", text, v.rows.c.Causes[k])
			}
			for i := int(r.node); i < int(r.end); i++ {
				good, bad := v.rows.calls[i].side[views.Good].sum, v.rows.calls[i].side[views.Bad].sum
				if strings.Contains(text, "unchanged") && (good != bad || len(v.rows.changesOf(i)) > 0) {
					fail("%q holds %s: %d to %d ns, %+v", text, v.rows.c.Name(i), good, bad, v.rows.changesOf(i))
				}
			}
		case callRow:
			if k, found := hidden(int(r.node)+1, int(r.end)); found && n.Presence == compare.Matched {
				fail("the closed row of %s hides the cause %+v", v.rows.c.Name(int(r.node)), v.rows.c.Causes[k])
			}
		case callsRow, pairRow:
		}
	}
}

// checkMarkdown: the table lists the causes with their numbers, and its last line sums them up.
func checkMarkdown(v *Comparison, fail func(string, ...any)) {
	var rows [][]string
	for line := range strings.Lines(strings.ReplaceAll(v.Markdown(), `\|`, "/")) {
		if strings.HasPrefix(line, "| ") && strings.HasSuffix(line, " |\n") {
			rows = append(rows, strings.Split(strings.Trim(line, "|\n"), "|"))
		}
	}
	causes := v.rows.c.Causes
	if len(causes) == 0 {
		if len(rows) > 0 {
			fail("a table without causes: %q", rows)
		}
		return
	}
	listed := min(len(causes), markdownCauses)
	if want := fmt.Sprintf(" of %s ", draw.DurationSigned(v.rows.c.Delta)); len(rows) < listed+2 || rows[0][1] != want {
		fail("%d causes in the table %q, its whole should be%q", len(causes), rows, want)
		return
	}
	check := func(row []string, delta int64) {
		if strings.TrimSpace(row[0]) != column(v.rows.c, delta) || strings.TrimSpace(row[1]) != shareWanted(v.rows.c, delta) {
			fail("the row %q should say %s, %s", row, column(v.rows.c, delta), shareWanted(v.rows.c, delta))
		}
	}
	for k, cause := range causes[:listed] {
		check(rows[k+1], cause.Delta)
		checkWhole(v.rows.c, cause.Delta, strings.Join(rows[k+1], "|"), fail)
	}
	check(rows[len(rows)-1], v.rows.c.Delta)
}

// checkWhole: what is more than the whole names what goes against it.
func checkWhole(c *compare.Comparison, delta int64, text string, fail func(string, ...any)) {
	percent := strings.TrimSuffix(strings.TrimPrefix(shareWanted(c, delta), "-"), " %")
	if len(percent) > 2 && percent != "100" && percent != "< 1" && percent != "> 99" && !strings.Contains(text, "offset by ") {
		fail("%q is more than the whole, and does not say what the rest makes", text)
	}
}

var printedCause = regexp.MustCompile(`^ +(?:[\d,]+ )? *([+-]?[\d.]+ [^ ]+(?: \d+ [smh])?) +(?:((?:[<>] )?-?[\d,]+ %) )? *(\S.*)$`)

// checkPrinted: the printed list has the same numbers.
func checkPrinted(t *testing.T, v *Comparison, fail func(string, ...any)) {
	t.Helper()
	var found [][]string
	for line := range strings.Lines(printed(t, v, 240)) {
		if strings.Contains(line, "BASELINE") {
			break
		}
		if m := printedCause.FindStringSubmatch(strings.TrimRight(line, " \n")); m != nil && strings.HasPrefix(line, "  ") {
			found = append(found, m[1:])
		}
	}
	if v.why.told() {
		return // the headline says it
	}
	causes := v.rows.c.Causes[:min(len(v.rows.c.Causes), printCauses-1)]
	if len(found) < len(causes) {
		fail("%d of %d causes are printed: %q", len(found), len(causes), found)
		return
	}
	for k, cause := range causes {
		if found[k][0] != column(v.rows.c, cause.Delta) || found[k][1] != shareWanted(v.rows.c, cause.Delta) {
			fail("%q is printed for %s, %s", found[k], column(v.rows.c, cause.Delta), shareWanted(v.rows.c, cause.Delta))
		}
	}
}

// checkRows: the rows, however they are folded, say the same as the causes and sum to the whole; each says a number and
// its share, in both shapes.
func checkRows(t *testing.T, v *Comparison, fail func(string, ...any)) {
	t.Helper()
	env, c := viewstest.Env(t), v.rows.c
	v.tree.Row = -1
	of := map[int]int64{}
	for _, cause := range c.Causes {
		if !cause.NotExecuted {
			of[cause.Node] += cause.Delta
		}
	}
	for _, s := range []struct {
		width int
		shape shape
	}{{240, shapeMerged}, {240, shapeSides}, {80, shapeByWidth}} {
		v.drawn = layOut(s.width, 40, 0, s.shape, v.need)
		v.layNames()
		grid := draw.NewGrid(s.width, 1)
		var sum int64
		for n, r := range v.rows.list {
			made := v.rows.part(r)
			sum += made
			if own := of[int(r.node)]; r.kind == callRow && v.rows.state(r) == tree.Open && made != own && !c.Nodes[r.node].NotReached {
				fail("the row of %s made %d, its causes %d", c.Name(int(r.node)), made, own)
			}
			if n > 200 {
				continue
			}
			want := ""
			if made != 0 {
				want = strings.TrimSpace(column(c, made) + " " + shareWanted(c, made))
			}
			grid.Resize(s.width, 1)
			v.frame(env).row(grid.All(), n)
			x, w := v.drawn.delta.x+1+v.drawn.signs, v.drawn.deltas+v.drawn.partBar+v.drawn.shares
			if v.drawn.merged {
				x += v.drawn.durs - 1
			}
			got := string([]rune(grid.Plain())[x : x+w])
			if bar := strings.ContainsAny(got, "━╸"); bar != (made != 0 && s.width == 80) {
				fail("the row of %s contributes %d, at %d columns with a bar: %v", c.Name(int(r.node)), made, s.width, bar)
			}
			got = strings.NewReplacer("━", "", "╸", "").Replace(got)
			if got = strings.Join(strings.Fields(got), " "); got != want {
				fail("the row of %s says %q, want %q", c.Name(int(r.node)), got, want)
			}
		}
		if sum != c.Delta {
			fail("the rows sum to %d of %d", sum, c.Delta)
		}
	}
}

var signedTime = regexp.MustCompile(`[+-]\d[\d.]* (?:ns|µs|ms|s|m \d\d s|h \d\d m|d \d+ h|d)\b`)

// checkHeadline: where the headline names one cause, its row, the list and the status line say the same number and share.
func checkHeadline(v *Comparison, fail func(string, ...any)) {
	c := v.rows.c
	amount := regexp.MustCompile(`([+-]\S+ \S+(?: \d+ [smh])?) of \S+ \S+(?: \d+ [smh])? \(([^,)]*)`).FindStringSubmatch(c.Headline)
	if amount == nil {
		return
	}
	for _, cause := range c.Causes {
		if draw.DurationSigned(cause.Delta) != amount[1] || c.Share(cause.Delta) != amount[2] {
			continue
		}
		made := c.OwnOf(cause.Node, cause.Node+1)
		if made != cause.Delta && slices.ContainsFunc(c.Causes, func(o compare.Cause) bool { return o.Apart && o.Node == cause.Node }) {
			return // the top of a trace in pieces stands for time that is nobody's as well
		}
		at, _ := v.rows.at(v.rows.find(cause.Node, callRow))
		status := v.rows.statusText(at, true)
		if cause.Apart || at.kind == callRow && v.rows.c.Nodes[at.node].NotReached {
			return
		}
		if row := draw.DurationSigned(v.rows.part(at)); row != amount[1] || !strings.HasPrefix(status, amount[1]) {
			fail("the headline says %q, the row %s, the status line %q", c.Headline, row, status)
		}
		return
	}
	fail("the number of the headline %q is that of no row", c.Headline)
}

// checkSentences: the headline has no number that is not that of a call, of a part, of the whole or of what is left of
// it; what a cause is made of adds up, or it is said that it is rounded.
func checkSentences(c *compare.Comparison, fail func(string, ...any)) {
	known := map[string]bool{draw.DurationSigned(c.Delta): true}
	for i := range c.Nodes {
		known[draw.DurationSigned(c.DeltaOf(i))] = true
		known[draw.DurationSigned(c.Delta-c.DeltaOf(i))] = true
	}
	parts := map[int][]int64{}
	for _, p := range c.Contributions {
		known[draw.DurationSigned(p.Delta)] = true
		for _, each := range signedTime.FindAllString(p.Message, -1) {
			known[each] = true
		}
		if !p.Apart && !c.Nodes[p.Node].NotReached {
			parts[p.Node] = append(parts[p.Node], p.Delta)
		}
	}
	for _, cause := range c.Causes {
		known[draw.DurationSigned(cause.Delta)], known[draw.DurationSigned(c.Delta-cause.Delta)] = true, true
	}
	headline := regexp.MustCompile(`other [^,;]*`).ReplaceAllString(c.Headline, "")
	for _, number := range signedTime.FindAllString(headline, -1) {
		if !known[number] {
			fail("%s of the headline %q is nobody's", number, c.Headline)
		}
	}
	for _, cause := range c.Causes {
		if cause.Apart || cause.NotExecuted {
			continue
		}
		if p := parts[cause.Node]; len(p) > 1 && !compare.AddUp(units.Rounded, cause.Delta, p...) && !strings.Contains(cause.Text, "rounded") {
			fail("%s does not add up to %s: %q", fmt.Sprint(p), draw.DurationSigned(cause.Delta), cause.Text)
		}
		var sum int64
		for _, d := range parts[cause.Node] {
			sum += d
		}
		if sum != cause.Delta {
			fail("the parts of %+v sum to %d", cause, sum)
		}
	}
}

// madeCall is a call of a made trace, laid out when it is written down.
type madeCall struct {
	service, name string
	self          int // µs
	parallel      bool
	failed        bool
	served        bool // by a span of another service
	kids          []*madeCall
}

// madePair returns a trace and a changed copy of it in text notation: calls slower and faster, repeated, failed before
// they did their work, left out, added; second first spans; roots and spans that are not in the export.
func madePair(r *rand.Rand) (good, bad string) {
	all := []*madeCall{{service: "gw", name: "GET /a", self: 5000}}
	for range 2 + r.IntN(20) {
		p := all[r.IntN(len(all))]
		k := &madeCall{
			service: fmt.Sprintf("s%d", r.IntN(4)), name: "op" + string(rune('a'+r.IntN(8))), self: 1 + r.IntN(1<<(4+r.IntN(16))),
			parallel: r.IntN(5) == 0, served: r.IntN(4) == 0,
		}
		p.kids = append(p.kids, k)
		all = append(all, k)
		for range r.IntN(3) * r.IntN(4) {
			twin := *k
			p.kids = append(p.kids, &twin)
		}
	}
	write := func() string {
		var b strings.Builder
		second, lost := r.IntN(6) == 0, r.IntN(8) == 0
		top := []*madeCall{all[0]}
		if lost {
			top = all[0].kids
		}
		at := 0
		for _, c := range top {
			at = c.write(&b, at, 0, lost) + 500
		}
		if second || b.Len() == 0 {
			all[len(all)-1].write(&b, at+r.IntN(900_000), 0, r.IntN(2) == 0)
		}
		return b.String()
	}
	good = write()
	for range 1 + r.IntN(5) {
		change(r, all[r.IntN(len(all))])
	}
	return good, write()
}

// change makes one change to a call.
func change(r *rand.Rand, c *madeCall) {
	switch r.IntN(6) {
	case 0:
		c.self *= 2 + r.IntN(9)
	case 1:
		c.self /= 1 + r.IntN(9)
	case 2:
		c.failed, c.kids, c.served = true, nil, false
	case 3:
		if len(c.kids) > 0 { // a retry storm, or an N+1
			k := *c.kids[r.IntN(len(c.kids))]
			k.failed = r.IntN(2) == 0
			if k.failed {
				k.kids, k.served, k.self = nil, false, k.self*(1+r.IntN(30))
			}
			for range 1 + r.IntN(6) {
				twin := k
				c.kids = append(c.kids, &twin)
			}
		}
	case 4:
		if n := len(c.kids); n > 0 {
			c.kids = slices.Clone(c.kids[:n-1])
		}
	default:
		c.kids = append(c.kids, &madeCall{service: "new", name: "added", self: 1 + r.IntN(200_000)})
	}
}

// write lays a call out from a moment on, in µs, and returns when it ends.
func (c *madeCall) write(b *strings.Builder, at, depth int, orphan bool) int {
	var below strings.Builder
	inner, start := depth+1, at
	if c.served {
		inner, start = depth+2, at+100
	}
	next, end := start+c.self/2, start+c.self/2
	for _, k := range c.kids {
		done := k.write(&below, next, inner, false)
		end = max(end, done)
		if !c.parallel {
			next = end
		}
	}
	end += c.self - c.self/2
	line := func(depth int, service string, from, to int, more string) {
		fmt.Fprintf(b, "%s%s %q %dus +%dus%s", strings.Repeat("  ", depth), service, c.name, from, to-from, more)
		if c.failed {
			b.WriteString(` error="no"`)
		}
		if orphan {
			b.WriteString(" parent=ffff")
			orphan = false
		}
		b.WriteString("\n")
	}
	if c.served {
		line(depth, c.service, at, end+150, " kind=client")
		line(depth+1, c.service+"-server", start, end, " kind=server")
		end += 150
	} else {
		line(depth, c.service, at, end, "")
	}
	b.WriteString(below.String())
	return end
}
