package tree

import "testing"

// TestIndentationGetsAThird indents the rows of a narrow column by a cell a level before it numbers their levels.
func TestIndentationGetsAThird(t *testing.T) {
	for _, test := range []struct{ column, name, depth, level, want int }{
		{60, 24, 10, 10, 20}, // two cells a level
		{45, 24, 11, 11, 11}, // one, where the deepest row needs it
		{30, 24, 7, 7, 7},    // the name gets two thirds, which is less than it should
		{30, 24, 20, 12, 13}, // too far right to be seen: its number behind what there is room for
	} {
		var in Indent
		in.Lay(test.column, test.name, test.depth)
		if got := in.Cell(test.level); got != test.want {
			t.Errorf("in %d cells level %d of %d takes %d cells, want %d", test.column, test.level, test.depth, got, test.want)
		}
	}
}
