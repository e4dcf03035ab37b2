package report

import (
	"context"
	"fmt"
	"strings"

	"tracefall/app/config"
	"tracefall/diagnose"
	"tracefall/diagnose/rule"
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
func scope(d *rule.Detector) string {
	if d.File != nil {
		return "file"
	}
	return "trace"
}

// thresholdsOfDetector lists the thresholds of one detector, as they hold.
func thresholdsOfDetector(p *Printer, name string) []config.Threshold {
	var list []config.Threshold
	usual := config.ThresholdsOf(diagnose.DefaultThresholds())
	for i, t := range config.ThresholdsOf(p.Settings.Thresholds()) {
		if t.Detector != name {
			continue
		}
		if u := usual[i].String(); u != t.String() {
			t.Source = "configuration; default is " + u + " (" + t.Source + ")"
		}
		list = append(list, t)
	}
	return list
}

// PrintDetectors prints the detectors with their thresholds.
func PrintDetectors(p *Printer) error {
	switch p.Format {
	case JSON:
		return p.json(newDetectorsJSON(p))
	case SARIF, Mermaid, DOT:
		return fmt.Errorf("--list cannot be printed as %s: expected text, markdown or json", p.Format)
	case Markdown:
		headings := []string{"detector", "threshold", "value", "unit", "source"}
		p.table(headings, []bool{false, false, true, false, false}, func(row func(...string)) {
			for _, d := range diagnose.Detectors() {
				for _, t := range thresholdsOfDetector(p, d.Name) {
					row(d.Name, t.Name, t.String(), t.Unit, t.Source)
				}
			}
		})
		return p.err
	case Text:
	}
	for n, d := range diagnose.Detectors() {
		if n > 0 {
			p.Text("")
		}
		detectorTitle(p, d)
		thresholdLines(p, 2, thresholdsOfDetector(p, d.Name))
	}
	return p.err
}

func newDetectorsJSON(p *Printer) detectorsJSON {
	return detectorsJSON{schemaVersion, listOf(diagnose.Detectors(), func(d *rule.Detector) detectorJSON {
		return detectorJSON{d.Name, d.Title, scope(d), d.Rule, listOf(thresholdsOfDetector(p, d.Name), newThresholdJSON)}
	})}
}

func newThresholdJSON(t config.Threshold) thresholdJSON {
	value := t.Value.Interface()
	if _, ok := value.(fmt.Stringer); ok {
		value = t.String()
	}
	return thresholdJSON{t.Name, value, t.Unit, t.Source}
}

// detectorTitle prints the name of a detector and what it finds.
func detectorTitle(p *Printer, d *rule.Detector) {
	p.line(func(a draw.Area) {
		x := a.TextEllipsis(0, 0, a.W(), d.Name, p.theme.Strong)
		a.TextEllipsis(x+columnGap, 0, a.W()-x-columnGap, d.Title, p.theme.Dim)
	})
}

// thresholdLines prints a line each: name, value and unit, where the number is from.
func thresholdLines(p *Printer, indent int, list []config.Threshold) {
	names, values := 0, 0
	for _, t := range list {
		names = max(names, draw.Width(t.Name))
		values = max(values, draw.Width(amount(t)))
	}
	for _, t := range list {
		label := fmt.Sprintf("%-*s  %s", names, t.Name, amount(t))
		p.paragraph(indent, names+values+2*columnGap, label, t.Source, draw.Ink{})
	}
}

// amount writes a threshold with its unit, the first word of which is in the plural: "1 write", "2 writes".
func amount(t config.Threshold) string {
	value, unit := t.String(), t.Unit
	if noun, rest, _ := strings.Cut(unit, " "); value == "1" {
		unit = strings.TrimSuffix(noun, "s") + " " + rest
	}
	return strings.TrimSpace(value + " " + unit)
}

// ExplainDetector prints what a detector finds, when, and its caveats, with an example from the demo.
func ExplainDetector(ctx context.Context, p *Printer, d *rule.Detector) error {
	detectorTitle(p, d)
	section := func(label, text string) {
		if text != "" {
			p.Text("")
			p.paragraph(0, findingLabel, label, text, draw.Ink{})
		}
	}
	section("finds", d.Doc)
	section("rule", d.Rule)
	if list := thresholdsOfDetector(p, d.Name); len(list) > 0 {
		p.Text("")
		p.paragraph(0, findingLabel, "thresholds", "change them in the configuration file under [diagnose."+d.Name+"]", p.theme.Dim)
		thresholdLines(p, findingLabel, list)
	}
	section("example", d.Example)
	evidence, err := exampleEvidence(ctx, p.Settings, d)
	if err != nil {
		return err
	}
	section("evidence", evidence)
	section("common fixes", strings.Join(d.Remedies, "; "))
	section("caveats", strings.Join(d.Limits, "; "))
	return p.err
}
