package findings

import (
	"strings"

	"tracefall/diagnose"
	"tracefall/diagnose/rule"
	"tracefall/views/draw"
)

// shownCount is how many rows there are: findings, and what is only information. They are counted apart, as everywhere.
type shownCount struct{ findings, info int }

// countOf counts rows; the footnote is none.
func countOf(rows []findingRow) shownCount {
	var n shownCount
	for _, r := range rows {
		switch {
		case r.info():
			n.info++
		case r.same != nil:
			n.findings++
		}
	}
	return n
}

// place says which row the last of some is: "finding 3 of 35" or "info 1 of 23".
func (n shownCount) place(rows []findingRow) string {
	at := countOf(rows)
	if rows[len(rows)-1].info() {
		return "info " + draw.Count(at.info) + " of " + draw.Count(n.info)
	}
	return "finding " + draw.Count(at.findings) + " of " + draw.Count(n.findings)
}

// of says how many of all there are: "3 of 35 findings · 1 of 23 info".
func (n shownCount) of(all diagnose.Counts) string {
	var parts []string
	total, info := all.Total(), all.By[rule.Info]
	if total > 0 || info == 0 {
		parts = append(parts, draw.Count(n.findings)+" of "+draw.Amount(total, "finding"))
	}
	if info > 0 {
		parts = append(parts, draw.Count(n.info)+" of "+draw.Count(info)+" info")
	}
	return strings.Join(parts, draw.SegmentGap)
}

// worstOf returns the highest severity of findings that are the same.
func worstOf(same []*rule.Finding) rule.Severity {
	worst := rule.Info
	for _, f := range same {
		worst = max(worst, f.Severity)
	}
	return worst
}
