package tree

// Widths of the columns of rows, in cells.
const (
	GutterWidth = 2 // selection and mark
	NamesLeast  = 24
	BarsLeast   = 12
	WidenStep   = 4 // by how much the names' column grows and shrinks
)
