// Package tabline draws the line of tabs of a trace, of the list or of a comparison. What a tab shows does not belong here.
package tabline
