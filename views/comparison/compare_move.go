package comparison

import (
	"strings"

	"tracefall/diagnose/compare"
	"tracefall/views"
	"tracefall/views/draw"
	"tracefall/views/waterfall"
)

// moveTo puts the cursor on a row.
func (v *Comparison) moveTo(row int) {
	v.cursor, v.settle = row, false
	v.follow()
}

// Move carries out the commands that move the cursor by rows and tells whether it knew the command.
func (v *Comparison) Move(c views.Command) bool {
	half := max(v.page/2, 1)
	switch c {
	case views.Down:
		v.moveTo(v.cursor + 1)
	case views.Up:
		v.moveTo(v.cursor - 1)
	case views.PageDown:
		v.scroll(max(v.page-1, 1))
	case views.PageUp:
		v.scroll(-max(v.page-1, 1))
	case views.HalfDown:
		v.scroll(half)
	case views.HalfUp:
		v.scroll(-half)
	case views.Top:
		v.moveTo(0)
	case views.Bottom:
		v.moveTo(len(v.tree.rows) - 1)
	default:
		return false
	}
	return true
}

// scroll moves cursor and screen together, so that the eye keeps its place.
func (v *Comparison) scroll(rows int) {
	v.settle = false
	v.cursor += rows
	v.top += rows
	v.follow()
}

// jump goes to the next or previous node with a property, opening what it is hidden in. At the end it begins again,
// and says so.
func (v *Comparison) jump(name string, marks waterfall.SpanCounts, forward bool) views.Action {
	r, _ := v.row()
	at, message := int(r.node), ""
	var to int
	if forward {
		if to = marks.Next(at); to < 0 {
			to, message = marks.Next(-1), "no "+name+" below; back to the first"
		}
	} else {
		if r.kind > callRow {
			at++ // the row comes after the node's own
		}
		if to = marks.Prev(at); to < 0 {
			to, message = marks.Prev(len(v.c.Nodes)), "no "+name+" above; back to the last"
		}
	}
	if to < 0 {
		return views.Say{Text: "there is no " + name}
	}
	v.land(to)
	if message == "" {
		return nil
	}
	if marks.Total() == 1 {
		message = "this is the only " + name
	}
	return views.Say{Text: message}
}

// land is goTo, but a run of what was not executed stays closed where it begins with the node.
func (v *Comparison) land(node int) {
	if _, ok := v.tree.runs[node]; ok && !v.tree.open.Has(node) && v.c.Nodes[node].NotReached {
		if p := v.c.Nodes[node].Parent; p >= 0 {
			if v.tree.uncover(p) {
				v.tree.build()
			}
			if v.tree.folded.Has(p) {
				v.tree.folded.Remove(p)
				v.tree.build()
			}
		}
		v.cursor = v.tree.Find(node, runRow)
		v.settle = v.settle || v.cursor < v.top || v.cursor >= v.top+v.page
		v.follow()
		return
	}
	v.goTo(node)
}

// worse goes to the next cause in the order of how much it made, from the one under the cursor; to the worst from
// anywhere else, and from where the traces part as long as that is where the cursor was put.
func (v *Comparison) worse(down bool) views.Action {
	n := v.why.causes()
	first := len(v.why.entries) - n
	r, _ := v.row()
	k := int(v.why.ranks[r.node]) - 1 - first
	if at := v.why.Row; v.walked && at >= first && at < len(v.why.entries) && v.why.entries[at].node == int(r.node) {
		k = at - first // of several that are told at one call, the one that was gone to
	}
	message := ""
	switch {
	case k < 0 || r.kind == runRow && !v.c.Nodes[r.node].NotReached, down && !v.walked && v.why.lead && int(r.node) == v.why.Start():
		k = 0
		if v.why.entries[first].node == int(r.node) {
			message = "largest contributor"
		}
	case down && k == n-1:
		k, message = 0, "back to the largest contributor"
	case !down && k == 0:
		k, message = n-1, "back to the smallest contributor"
	case down:
		k++
	default:
		k--
	}
	if n == 1 && message != "" {
		message = "the only contributor"
	}
	v.walked = true
	v.why.Row = k + first
	v.land(v.why.entries[k+first].node)
	if message == "" {
		return nil
	}
	return views.Say{Text: message}
}

// Status implements Screen.
func (v *Comparison) Status(*views.Env) (left, right string) {
	if v.c == nil {
		return v.pending, ""
	}
	return v.statusLeft(), v.statusRight()
}

func (v *Comparison) statusLeft() string {
	r, ok := v.row()
	if !ok {
		return ""
	}
	n := &v.c.Nodes[r.node]
	switch r.kind {
	case runRow:
		if n.NotReached {
			return "not executed: " + v.headingText(r)
		}
		return v.headingText(r)
	case pairRow:
		return v.pairTitle(r, "call")
	case callRow, callsRow:
	}
	text := v.details(int(r.node))
	good, bad := v.duration(r, views.Good), v.duration(r, views.Bad)
	switch {
	case text != "":
	case n.Presence == compare.Matched && good != bad:
		text = "duration " + draw.Duration(good) + " → " + draw.Duration(bad)
	case v.tree.jumps.In(int(r.node), n.End) > 0:
		text = "only calls below differ"
	case n.NotReached:
		text = "not executed"
	default:
		text = "no difference"
	}
	return v.c.Name(int(r.node)) + ": " + text
}

func (v *Comparison) statusRight() string {
	var parts []string
	r, _ := v.row()
	if total := v.tree.jumps.Total(); total > 0 {
		text := draw.CountNoun(total, "difference", "differences")
		if v.tree.jumps.Has(int(r.node)) && r.kind != pairRow {
			text = "difference " + draw.Count(int(v.tree.jumps[r.node])+1) + " of " + draw.Count(total)
		}
		parts = append(parts, text)
	}
	if v.own {
		parts = append(parts, "separate time scales")
	}
	if text := v.zoomText(); text != "" {
		parts = append(parts, text)
	}
	return strings.Join(append(parts, "enter: open "+v.chosen(r).Label()+" trace"), draw.SegmentGap)
}
