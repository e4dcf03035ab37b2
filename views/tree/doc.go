// Package tree is rows of a tree on a screen: a cursor that moves and scrolls in them, folds that open and close, the
// indentation, the names and badges at their right, and the jumps along a property. Which rows there are and what they
// stand for is the screen's: it has them built when folds change.
//
//	key --> Tree.Left, Toggle, Level … --> Rows.SetOpen --> Rows.Build --> the cursor stays with what it was on
//	    --> Cursor.Move, Reach         --> the rows on screen
package tree
