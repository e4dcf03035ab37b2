package rule

// shareOf fills in which part of the critical path's length the finding is about, where the detector has not.
func (n *Numbers) shareOf(total int64) {
	if total > 0 && n.CriticalShare == 0 {
		n.CriticalShare = float64(n.Critical) / float64(total)
	}
}

// AvoidableShare returns which part of the critical path's length a finding calls avoidable, 0 to 1; 0 where that is
// not known. It is not CriticalShare: of a call that was retried, all attempts lie on the critical path, and all but
// the first of them are avoidable.
func (n Numbers) AvoidableShare() float64 {
	if n.Critical <= 0 || n.Avoidable <= 0 || n.CriticalShare <= 0 {
		return 0
	}
	return min(n.CriticalShare*float64(n.Avoidable)/float64(n.Critical), 1)
}
