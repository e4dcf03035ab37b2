package sets

import (
	"fmt"
	"math"
	"strings"

	"tracefall/views"
	"tracefall/views/draw"
)

// Print draws the whole screen without a cursor, as far as it is open, in grids of the given width that are handed
// to emit one after the other. It stops at emit's error and returns it.
func (s *Sets) Print(width int, env *views.Env, emit func(*draw.Grid) error) error {
	if s.c == nil {
		return nil
	}
	lines := draw.Wrap(s.c.Headline, max(width-2, 1))
	grid := draw.NewGrid(width, len(lines)+2)
	grid.SetASCII(env.Theme.ASCII)
	title, head := grid.All().Top(1)
	s.Head(title, env)
	head.Lines(lines, env.Theme.Strong)
	if err := emit(grid); err != nil {
		return err
	}
	return grid.Print(len(s.rows), emit, func(a draw.Area, n int) { s.drawRow(a, s.rows[n], env.Theme) })
}

// Markdown writes what the sets differ in as a block for a chat or a ticket: the headline, the summary in a table,
// and the items of every section in lists. It ends in a newline; without a comparison it is empty.
func (s *Sets) Markdown() string {
	if s.c == nil {
		return ""
	}
	var b strings.Builder
	if care := s.care(math.MaxInt); care != "" {
		fmt.Fprintf(&b, "%s\n\n", draw.MarkdownText(care))
	}
	fmt.Fprintf(&b, "%s\n", draw.MarkdownText(s.c.Headline))
	if s.items[setSummary] > 0 {
		b.WriteString("\n| | baseline | bad | Δ | |\n|---|--:|--:|--:|---|\n")
	}
	for i, name := range summaryLines[:s.items[setSummary]] {
		cells := s.summary(i)
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s |\n", name, cells[0], cells[1], cells[2], cells[3])
	}
	for section := range setSections {
		n := s.items[section]
		if n == 0 || section == setSummary {
			continue
		}
		fmt.Fprintf(&b, "\n%s:\n", setSectionTitles[section].title)
		for i := range min(n, setItemsMost) {
			fmt.Fprintf(&b, "- %s\n", draw.MarkdownText(s.line(setRow{section: section, kind: setItem, item: i})))
		}
		if n > setItemsMost {
			fmt.Fprintf(&b, "- … %s more\n", draw.Count(n-setItemsMost))
		}
	}
	return b.String()
}
