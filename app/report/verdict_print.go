package report

// PrintVerdict prints what the detectors found, without the secrets that messages quote.
func PrintVerdict(p *Printer, v *Verdict, verbose bool) error {
	for i := range v.Findings {
		v.Findings[i] = p.mask.Finding(v.Findings[i])
	}
	switch p.Format {
	case JSON:
		doc := diagnoseJSON(v)
		p.answered(&doc.answeredJSON, &doc.Notices)
		return p.json(doc)
	case SARIF:
		return p.json(diagnoseSARIF(v, p.Settings.Thresholds()))
	case Markdown:
		verdictMarkdown(p, v, verbose)
	default:
		verdictText(p, v, verbose)
	}
	return p.err
}
