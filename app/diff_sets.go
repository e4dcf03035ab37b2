package app

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"tracefall/diagnose/compare"
	"tracefall/diagnose/facts"
	"tracefall/views/draw"
)

// certain is the q-value below which a difference between sets is told.
const certain = 0.05

// setChanges lists the calls that certainly differ between two sets, in the order of the tree: made more or less
// often, failing, slower.
func setChanges(c *compare.SetComparison) []compare.Change {
	var list []compare.Change
	add := func(kind compare.Kind, node int, format string, args ...any) {
		list = append(list, compare.Change{Kind: kind, Node: node, Detail: fmt.Sprintf(format, args...)})
	}
	for i := range c.Calls {
		n := &c.Calls[i]
		switch p := &n.Presence; {
		case p.Q >= certain:
		case p.K[1] == 0:
			add(compare.KindMissing, i, "in %s of good traces, in no bad one", share(p.Share(0)))
		case p.K[0] == 0:
			add(compare.KindAdded, i, "in no good trace, in %s of bad ones", share(p.Share(1)))
		default:
			add(compare.KindCount, i, "in %s → %s of the traces", share(p.Share(0)), share(p.Share(1)))
		}
		if e := &n.Errors; e.Q < certain {
			add(compare.KindStatus, i, "fails in %s → %s of the traces that make it", share(e.Share(0)), share(e.Share(1)))
		}
		if m := &n.Counts; m.Q < certain && n.Presence.Q >= certain {
			add(compare.KindCount, i, "×%.3g → ×%.3g a trace", m.Mean[0], m.Mean[1])
		}
		if m := &n.Self; m.Q < certain {
			add(compare.KindDuration, i, "own work %s → %s a call (median)", lasted(m.P50[0]), lasted(m.P50[1]))
		}
		if m := &n.Gap; m.Q < certain {
			add(compare.KindGap, i, "between caller and server %s → %s a call (median)", lasted(m.P50[0]), lasted(m.P50[1]))
		}
	}
	return list
}

func lasted(ns float64) string { return facts.Lasted(int64(ns)) }

// share writes a share of 0 to 1.
func share(x float64) string { return fmt.Sprintf("%.0f %%", 100*x) }

// setsDiffer tells whether two sets certainly differ; where too few traces allow no test, whether they differ in what
// they do, or in their mean by a tenth.
func setsDiffer(c *compare.SetComparison) bool {
	if len(c.Good) == 0 || len(c.Bad) == 0 || len(c.LeftOut) > 0 {
		return true
	}
	if c.Descriptive {
		return len(c.Shapes) > 0 || c.Of[0].ErrorRate != c.Of[1].ErrorRate || 10*max(c.Delta, -c.Delta) > c.Of[0].Mean
	}
	return c.Duration.Q < certain || c.Errors.Q < certain || len(c.Culprits) > 0 || len(c.Shapes) > 0 || len(c.Attributes) > 0 ||
		len(setChanges(c)) > 0
}

// printSets prints the comparison of two sets.
func (o *options) printSets(c *compare.SetComparison, d *division, f *diffFlags) (bool, error) {
	differs := setsDiffer(c)
	if f.format == formatJSON {
		return differs, printJSON(o.world.Stdout, newSetsJSON(c, d, f.mask))
	}
	p := newPrinter(o.world, o.look, f.width)
	s := sectioned{p: p, markdown: f.format == formatMarkdown, mask: f.mask}
	s.setHead(c, d)
	s.setCulprits(c)
	s.setContributions(c)
	s.setAttributes(c)
	s.setShapes(c)
	s.setLeftOut(c)
	s.notes(d)
	return differs, p.err
}

// sectioned prints sections of lists, as text or as Markdown for a chat.
type sectioned struct {
	p        *printer
	markdown bool
	mask     masking
}

// title begins a section.
func (s sectioned) title(text string) {
	if s.markdown {
		s.p.write("\n**" + markdownText(text) + "**\n\n")
		return
	}
	s.p.text("")
	s.p.line(func(a draw.Area) { a.TextEllipsis(0, 0, a.W(), text, s.p.theme.Strong) })
}

// item prints a line of a list: what it is about behind a label that stands out.
func (s sectioned) item(width int, label, text string) {
	text = s.mask.text(text)
	if s.markdown {
		if label != "" {
			label = "**" + markdownText(label) + "** "
		}
		s.p.write("- " + label + markdownText(text) + "\n")
		return
	}
	s.p.paragraph(2, width, label, text, draw.Ink{})
}

// plain prints a paragraph.
func (s sectioned) plain(text string) {
	text = s.mask.text(text)
	if s.markdown {
		s.p.write("\n" + markdownText(text) + "\n")
		return
	}
	s.p.paragraph(0, 0, "", text, draw.Ink{})
}

// head prints the first line.
func (s sectioned) head(text string) {
	if s.markdown {
		s.p.write("**" + markdownText(text) + "**\n")
		return
	}
	s.p.paragraph(0, 0, "", text, s.p.theme.Strong)
}

// sides prints what is compared, the first columns as numbers: a table, in Markdown a list, because chats show no tables.
func (s sectioned) sides(numbers int, headings []string, of func(side int) []string) {
	names := []string{"good", "bad"}
	if s.markdown {
		s.p.write("\n")
		for side, name := range names {
			var parts []string
			for n, value := range of(side) {
				parts = append(parts, strings.ToLower(headings[n])+" "+value)
			}
			s.item(0, name, strings.Join(parts, " · "))
		}
		return
	}
	right := make([]bool, len(headings)+1)
	for n := range numbers {
		right[n+1] = true
	}
	s.p.table(false, append([]string{""}, headings...), right, func(row func(...string)) {
		for side, name := range names {
			row(append([]string{name}, of(side)...)...)
		}
	})
	s.p.text("")
}

func (s sectioned) setHead(c *compare.SetComparison, d *division) {
	s.sides(4, []string{"TRACES", "P50", "P95", "P99", "FAILED"}, func(side int) []string {
		of := c.Of[side]
		return []string{draw.Count(of.Traces), facts.Lasted(of.P50), facts.Lasted(of.P95), facts.Lasted(of.P99), share(of.ErrorRate)}
	})
	for _, note := range d.notes {
		s.plain(note)
	}
	s.plain(c.Headline)
}

func (s sectioned) setCulprits(c *compare.SetComparison) {
	if len(c.Culprits) == 0 {
		return
	}
	s.title("Where it points")
	width := 0
	for _, one := range c.Culprits {
		width = max(width, draw.Width(culpritLabel(one)))
	}
	for _, one := range c.Culprits {
		s.item(width+columnGap, culpritLabel(one), one.Message)
	}
}

func culpritLabel(c compare.Culprit) string { return share(c.Score) + " " + c.Service }

// mostContributions is how many parts of a difference are printed; what the rest makes is said.
const mostContributions = 10

func (s sectioned) setContributions(c *compare.SetComparison) {
	if len(c.Contributions) == 0 {
		return
	}
	s.title("What makes the difference of the means, " + draw.DurationSigned(c.Delta))
	rest := c.Delta
	for n, part := range c.Contributions {
		if n == mostContributions {
			s.item(contributionWidth, draw.DurationSigned(rest), count(len(c.Contributions)-n, "other part", "other parts"))
			return
		}
		call := &c.Calls[part.Node]
		rest -= part.Delta
		s.item(contributionWidth, draw.DurationSigned(part.Delta), strings.TrimSpace(call.Op.Service+" "+call.Op.Label())+": "+part.Message)
	}
}

// contributionWidth is the cells of a signed duration and the gap behind it.
const contributionWidth = 11

func (s sectioned) setAttributes(c *compare.SetComparison) {
	if len(c.Attributes) == 0 {
		return
	}
	s.title("What bad traces have more often")
	for i := range c.Attributes {
		a := &c.Attributes[i]
		what := a.Key + " = " + a.Value
		switch {
		case a.Absent:
			what = "no " + a.Key
		case a.Numbers != nil:
			s.item(0, "", fmt.Sprintf("%s, median %s → %s (%s)", a.Key, number(a.Numbers.P50[0]), number(a.Numbers.P50[1]), a.Scope))
			continue
		}
		text := fmt.Sprintf("%s: %s of good, %s of bad (%s)", what, share(a.Share(0)), share(a.Share(1)), a.Scope)
		if len(a.Also) > 0 {
			text += "; the same traces have " + strings.Join(a.Also, ", ")
		}
		s.item(0, "", text)
	}
}

// number writes a measured number: whole ones in full.
func number(x float64) string {
	if x == math.Trunc(x) && math.Abs(x) < 1e15 {
		return strconv.FormatFloat(x, 'f', 0, 64)
	}
	return strconv.FormatFloat(x, 'g', 4, 64)
}

func (s sectioned) setShapes(c *compare.SetComparison) {
	if len(c.Shapes) == 0 {
		return
	}
	s.title("Ways that traces went")
	for _, one := range c.Shapes {
		text := fmt.Sprintf("%d good, %d bad", one.Good, one.Bad)
		if one.Message != "" {
			text += ": " + one.Message
		}
		if one.Example != nil {
			text += "; as in trace " + one.Example.Trace.ID().String()
		}
		s.item(len("appeared")+columnGap, one.Kind.String(), text)
	}
}

func (s sectioned) setLeftOut(c *compare.SetComparison) {
	if len(c.LeftOut) == 0 {
		return
	}
	s.title("Left out, because only one side has them")
	for _, l := range c.LeftOut {
		side := "bad"
		if l.Side == compare.Missing {
			side = "good"
		}
		s.item(0, "", fmt.Sprintf("%s: %d %s", strings.TrimSpace(l.Op.Service+" "+l.Op.Label()), l.N, side))
	}
}

// notes prints the notices of reading.
func (s sectioned) notes(d *division) {
	if notices := d.notices(); len(notices) > 0 {
		s.title("Notes")
		for _, n := range notices {
			s.item(2, s.p.theme.Glyphs.Warning, n.String())
		}
	}
}
