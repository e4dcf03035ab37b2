package app

import "tracefall/views/draw"

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

// printIncidents prints the incidents of the demo: what happened, and which detector finds it.
func printIncidents(p *printer, all []incident) error {
	if p.format == formatJSON {
		doc := incidentsJSON{Version: schemaVersion}
		for _, one := range all {
			doc.Incidents = append(doc.Incidents, incidentJSON{one.Name, one.Title, listed(one.Story), one.Detector, listed(one.Also)})
		}
		return p.json(doc)
	}
	p.table([]string{"NAME", "FOUND", "WHAT HAPPENED"}, make([]bool, 3), func(row func(...string)) {
		for _, one := range all {
			row(one.Name, foundBy(&one), one.Title)
		}
	})
	if p.format == formatText {
		p.text("")
		p.text("tracefall demo NAME opens one, tracefall demo all of them")
	}
	return p.err
}

// foundBy names the detector that finds an incident.
func foundBy(one *incident) string {
	if one.Detector == "" {
		return "by its id: paste the line"
	}
	return one.Detector
}

// printStory prints the story of an incident, above what the detectors say of it.
func printStory(p *printer, one *incident) {
	p.paragraph(0, 0, "", one.Title, p.theme.Strong)
	for _, line := range one.Story {
		p.paragraph(0, 0, "", line, draw.Ink{})
	}
	p.text("")
}
