// Package timeline is the part of the time that the bars of a screen show, and what changes it: to what is under the
// cursor and back, narrower, wider, to the sides. Where a time lies in cells is draw.Scale's.
package timeline
