package app

import (
	"context"
	"fmt"
	"strings"

	"tracefall/diagnose"
	"tracefall/views/draw"
)

// detectorsJSON is what `diagnose --list` prints. Field names and their order are stable.
type detectorsJSON struct {
	Version   int            `json:"version"`
	Detectors []detectorJSON `json:"detectors"`
}

type detectorJSON struct {
	Name       string          `json:"name"`
	Title      string          `json:"title"`
	Scope      string          `json:"scope"` // trace or file
	Rule       string          `json:"rule"`
	Thresholds []thresholdJSON `json:"thresholds"`
}

type thresholdJSON struct {
	Name   string `json:"name"`
	Value  any    `json:"value"` // a number, true or false, or a duration as the configuration spells it
	Unit   string `json:"unit"`
	Source string `json:"source"`
}

// scope says what a detector looks at.
func scope(d *diagnose.Detector) string {
	if d.File != nil {
		return "file"
	}
	return "trace"
}

// thresholdsOfDetector lists the thresholds of one detector, as they hold.
func thresholdsOfDetector(p *printer, name string) []threshold {
	var list []threshold
	usual := thresholdsOf(diagnose.DefaultThresholds())
	for i, t := range thresholdsOf(p.Settings.thresholds()) {
		if t.detector != name {
			continue
		}
		if u := usual[i].String(); u != t.String() {
			t.source = "the configuration; the default is " + u + " (" + t.source + ")"
		}
		list = append(list, t)
	}
	return list
}

// printDetectors prints the detectors with their thresholds.
func printDetectors(p *printer) error {
	switch p.format {
	case formatJSON:
		return p.json(newDetectorsJSON(p))
	case formatSARIF:
		return fmt.Errorf("--list cannot be printed as sarif: expected text, markdown or json")
	case formatMarkdown:
		headings := []string{"detector", "threshold", "value", "unit", "source"}
		p.table(headings, []bool{false, false, true, false, false}, func(row func(...string)) {
			for _, d := range diagnose.Detectors() {
				for _, t := range thresholdsOfDetector(p, d.Name) {
					row(d.Name, t.name, t.String(), t.unit, t.source)
				}
			}
		})
		return p.err
	case formatText:
	}
	for n, d := range diagnose.Detectors() {
		if n > 0 {
			p.text("")
		}
		p.line(func(a draw.Area) {
			x := a.TextEllipsis(0, 0, a.W(), d.Name, p.theme.Strong)
			a.TextEllipsis(x+columnGap, 0, a.W()-x-columnGap, d.Title, p.theme.Dim)
		})
		thresholdLines(p, 2, thresholdsOfDetector(p, d.Name))
	}
	return p.err
}

func newDetectorsJSON(p *printer) detectorsJSON {
	doc := detectorsJSON{Version: schemaVersion}
	for _, d := range diagnose.Detectors() {
		one := detectorJSON{Name: d.Name, Title: d.Title, Scope: scope(d), Rule: d.Rule, Thresholds: []thresholdJSON{}}
		for _, t := range thresholdsOfDetector(p, d.Name) {
			value := t.value.Interface()
			if _, ok := value.(fmt.Stringer); ok {
				value = t.String()
			}
			one.Thresholds = append(one.Thresholds, thresholdJSON{t.name, value, t.unit, t.source})
		}
		doc.Detectors = append(doc.Detectors, one)
	}
	return doc
}

// thresholdLines prints a line each: name, value and unit, where the number is from.
func thresholdLines(p *printer, indent int, list []threshold) {
	names, values := 0, 0
	for _, t := range list {
		names = max(names, draw.Width(t.name))
		values = max(values, draw.Width(t.String()+" "+t.unit))
	}
	for _, t := range list {
		label := fmt.Sprintf("%-*s  %s", names, t.name, t.String()+" "+t.unit)
		p.paragraph(indent, names+values+2*columnGap, label, t.source, draw.Ink{})
	}
}

// explainDetector prints what a detector says, when, and what it cannot see, with an example from the demo.
func explainDetector(ctx context.Context, p *printer, d *diagnose.Detector) error {
	p.line(func(a draw.Area) {
		x := a.TextEllipsis(0, 0, a.W(), d.Name, p.theme.Strong)
		a.TextEllipsis(x+columnGap, 0, a.W()-x-columnGap, d.Title, p.theme.Dim)
	})
	section := func(label, text string) {
		if text != "" {
			p.text("")
			p.paragraph(0, findingLabel, label, text, draw.Ink{})
		}
	}
	section("what", d.Doc)
	section("rule", d.Rule)
	if list := thresholdsOfDetector(p, d.Name); len(list) > 0 {
		p.text("")
		p.paragraph(0, findingLabel, "thresholds", "set in the configuration under [diagnose."+d.Name+"]", p.theme.Dim)
		thresholdLines(p, findingLabel, list)
	}
	section("example", d.Example)
	evidence, err := exampleEvidence(ctx, p.Settings, d)
	if err != nil {
		return err
	}
	section("evidence", evidence)
	section("limits", strings.Join(d.Limits, "; "))
	section("usual remedies", strings.Join(d.Remedies, "; "))
	return p.err
}
