package compare

// Divergence is the first place, in the order in which the good trace did its work, where the bad one did
// something else.
type Divergence struct {
	Node    int
	Kind    Kind
	Message string
	Brief   string // the message in few words: "web load: 1 call → 5, 5 failed (503)"
	Leads   bool   // the headline begins with it
	Told    bool   // the headline is about the same call, or begins with it
}

// divergence finds the first difference in kind.
func (c *Comparison) divergence() *Divergence {
	told := c.toldBelow()
	for i := 0; i < len(c.Nodes); i++ {
		if c.Nodes[i].Moved >= 0 {
			i = c.Nodes[i].End - 1 // what is below went with it
			continue
		}
		if kind, ok := c.diverges(i); ok && !told[i] {
			d := &Divergence{Node: i, Kind: kind}
			d.Message, d.Brief = messages{c}.divergence(d), messages{c}.divergenceBriefly(d)
			return d
		}
	}
	return nil
}

// toldBelow finds the calls whose failure is told by something below them: by a call that failed too, or, where
// calls below were made at all, by one that was not made as before. A call that failed before it made any of its
// calls tells it itself.
func (c *Comparison) toldBelow() []bool {
	failed, differs, made := make([]bool, len(c.Nodes)), make([]bool, len(c.Nodes)), make([]bool, len(c.Nodes))
	told := make([]bool, len(c.Nodes))
	for i := len(c.Nodes) - 1; i >= 0; i-- {
		n := &c.Nodes[i]
		told[i] = n.Presence == Matched && !c.counted(i) && (failed[i] || made[i] && differs[i])
		if p := n.Parent; p >= 0 {
			failed[p] = failed[p] || failed[i] || c.newlyFailed(n)
			_, itself := c.diverges(i)
			differs[p] = differs[p] || differs[i] || itself
			made[p] = made[p] || n.Presence == Matched
		}
	}
	return told
}

// diverges says in which kind a call differs, and reports whether it does.
func (c *Comparison) diverges(i int) (Kind, bool) {
	n := &c.Nodes[i]
	alone := !n.Level && n.Moved < 0 && !n.NotReached
	switch {
	case n.Presence == Missing:
		return KindMissing, alone
	case n.Presence == Added:
		return KindAdded, alone
	case c.newlyFailed(n):
		return KindStatus, true
	}
	return KindCount, c.counted(i)
}
