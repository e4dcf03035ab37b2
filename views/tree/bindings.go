package tree

import "tracefall/views"

// Words is what is said of folding that changes nothing; "" says nothing.
type Words struct{ Left, Right, FoldAll, OpenAll, FoldLevel, OpenLevel string }

// Bind adds the bindings that fold and open.
func (t *Tree) Bind(b *views.Binder, words Words) {
	add := func(name views.Command, do func(), otherwise string) {
		b.Bind(name, func() views.Action {
			n, row := t.Len(), t.Row
			if do(); t.Len() != n || t.Row != row {
				return nil
			}
			return views.Tell(otherwise)
		})
	}
	add(views.Left, t.Left, words.Left)
	add(views.Right, t.Right, words.Right)
	add(views.FoldAll, func() { t.rows.FoldAll(); t.Rebuild() }, words.FoldAll)
	add(views.OpenAll, func() { t.rows.OpenAll(); t.Rebuild() }, words.OpenAll)
	add(views.FoldLevel, t.FoldLevel, words.FoldLevel)
	add(views.OpenLevel, t.OpenLevel, words.OpenLevel)
}
