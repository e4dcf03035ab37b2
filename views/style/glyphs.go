package style

// Glyphs are the signs of the program. Each is one cell wide. They carry the
// meaning; colour only adds to it.
type Glyphs struct {
	Folded, Open, Leaf         string // of a row with and without children
	Error, OK, Point           string // status of a span, of a check
	Critical, Warning, Info    string // severity of a finding
	Cause, Offender, Write     string // parts that spans play in a finding
	Baseline, Parent           string
	Selection                  string // left edge of the selected row
	Vertical, Horizontal       string // lines
	RightTee                   string // where a tick meets the line at the right of a chart
	Ellipsis                   string
	Left, Right, Up, Down      string // arrows; Left and Right mark what is outside the window
	SortUp, SortDown           string
	Instant                    string // a span of no duration
	Mark, Link, Note           string
	Log, Event                 string // of a span, on its bar
	Added, Removed, Changed    string // of a comparison
	Swap                       string // good ⇄ bad
	Sum, Times, Delta          string // Σ × Δ
	Prompt, Cursor, Dot, Hatch string
}

var unicodeGlyphs = Glyphs{
	Folded: "▸", Open: "▾", Leaf: " ",
	Error: "✗", OK: "✓", Point: "·",
	Critical: "▲", Warning: "△", Info: "○",
	Cause: "◉", Offender: "•", Write: "■", Baseline: "□", Parent: "↑",
	Selection: "▌",
	Vertical:  "│", Horizontal: "─",
	RightTee: "┤",
	Ellipsis: "…",
	Left:     "◂", Right: "▸", Up: "▴", Down: "▾",
	SortUp: "▴", SortDown: "▾",
	Instant: "◆",
	Mark:    "●", Link: "→", Note: "✎", Log: "≡", Event: "┼",
	Added: "+", Removed: "−", Changed: "≠",
	Swap: "⇄",
	Sum:  "Σ", Times: "×", Delta: "Δ",
	Prompt: "/", Cursor: "▏", Dot: "·", Hatch: "╱",
}

var asciiGlyphs = Glyphs{
	Folded: ">", Open: "v", Leaf: " ",
	Error: "x", OK: "+", Point: ".",
	Critical: "!", Warning: "W", Info: "i",
	Cause: "@", Offender: "o", Write: "w", Baseline: "b", Parent: "^",
	Selection: ">",
	Vertical:  "|", Horizontal: "-",
	RightTee: "+",
	Ellipsis: "~",
	Left:     "<", Right: ">", Up: "^", Down: "v",
	SortUp: "^", SortDown: "v",
	Instant: "*",
	Mark:    "*", Link: ">", Note: "#", Log: "L", Event: "+",
	Added: "+", Removed: "-", Changed: "c",
	Swap: "&",
	Sum:  "S", Times: "x", Delta: "D",
	Prompt: "/", Cursor: "|", Dot: ".", Hatch: "/",
}
