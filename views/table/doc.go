// Package table is rows and columns: a cursor that moves and scrolls, columns that sort, boxes over the screen and pages
// without a cursor. Screens embed its types; what a cell says belongs to them.
package table
