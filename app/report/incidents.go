package report

import (
	"cmp"

	"tracefall/app/session"
	"tracefall/views/draw"
)

// incidentsJSON is what `demo --list` prints. Field names and their order are stable.
type incidentsJSON struct {
	Version   int            `json:"version"`
	Incidents []incidentJSON `json:"incidents"`
}

type incidentJSON struct {
	Name     string   `json:"name"`
	Title    string   `json:"title"`
	Story    []string `json:"story"`
	Detector string   `json:"detector"`
	Also     []string `json:"also"`
}

// PrintIncidents prints the scenarios of the demo: what happened, and which detector finds it.
func PrintIncidents(p *Printer, all []session.Incident) error {
	if p.Format == JSON {
		return p.json(incidentsJSON{schemaVersion, listOf(all, func(one session.Incident) incidentJSON {
			return incidentJSON{one.Name, one.Title, listed(one.Story), one.Detector, listed(one.Also)}
		})})
	}
	p.table([]string{"NAME", "DETECTOR", "SCENARIO"}, make([]bool, 3), func(row func(...string)) {
		for _, one := range all {
			row(one.Name, cmp.Or(one.Detector, "by its id (paste the log line)"), one.Title)
		}
	})
	if p.Format == Text {
		p.Text("")
		p.Text("Open one: tracefall demo NAME. Open all: tracefall demo")
	}
	return p.err
}

// PrintStory prints the story of an incident, above its findings.
func PrintStory(p *Printer, one *session.Incident) {
	p.paragraph(0, 0, "", one.Title, p.theme.Strong)
	for _, line := range one.Story {
		p.paragraph(0, 0, "", line, draw.Ink{})
	}
	p.Text("")
}
