package draw

// folded pairs what is drawn with its ASCII form, for frames that may contain
// nothing else.
const folded = "▸>▾v✗x✓+·.⋅.┿+▲!△W○i◉@•o■w□b●*◆*◂<▴^→>←<↑^↓v⇄&⏎$✎#" +
	"│|─-├|└`┌+┐+┘+┬+┴+┼+┤+║|" +
	"━=╸=╺=╴-╶-┅:╌.░.▒/╱/▓#█#▉#▊#▋#▌>▍|▎|▏|┃|▐#" +
	"▁_▂_▃.▄-▅-▆=▇#" +
	"…~−-–-—-×x÷/≈~≠c≡L≥>≤<ΣSΔDµuμu‘'’'“\"”\"\u00a0 "

var foldTable = func() map[rune]rune {
	table := map[rune]rune{}
	var from rune
	for _, r := range folded {
		if from == 0 {
			from = r
			continue
		}
		table[from], from = r, 0
	}
	return table
}()

// fold returns the ASCII form of a rune.
func fold(r rune) rune {
	if f, ok := foldTable[r]; ok {
		return f
	}
	return '?'
}
