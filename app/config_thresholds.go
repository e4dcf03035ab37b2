package app

import (
	"fmt"
	"slices"
	"strings"

	"github.com/pelletier/go-toml/v2/unstable"

	"tracefall/diagnose"
	"tracefall/sources/spelling"
)

// parseThresholds reads the tables [diagnose.NAME] of a configuration. What it does not know is an error that says
// where and what was meant.
func parseThresholds(path string, data []byte, tables map[string]any) (diagnose.Thresholds, error) {
	all := diagnose.DefaultThresholds()
	places := settingPlaces(data)
	at := func(keys ...string) string { return path + places[strings.Join(keys, "\x00")] }
	var detectors []string
	names := map[string][]string{} // of thresholds, by detector
	known := map[[2]string]threshold{}
	for _, t := range thresholdsOf(all) {
		if !slices.Contains(detectors, t.detector) {
			detectors = append(detectors, t.detector)
		}
		names[t.detector] = append(names[t.detector], t.name)
		known[[2]string{t.detector, t.name}] = t
	}
	for _, detector := range sortedNames(tables) {
		if !slices.Contains(detectors, detector) {
			return nil, fmt.Errorf("%s: unknown detector %q%s", at("diagnose", detector), detector, spelling.Suggest(detector, detectors))
		}
		settings, ok := tables[detector].(map[string]any)
		if !ok {
			return nil, fmt.Errorf("%s: expected a table [diagnose.%s]", at("diagnose", detector), detector)
		}
		for _, name := range sortedNames(settings) {
			where := at("diagnose", detector, name)
			t, ok := known[[2]string{detector, name}]
			if !ok {
				return nil, fmt.Errorf("%s: unknown threshold %q of %s%s", where, name, detector, spelling.Suggest(name, names[detector]))
			}
			if err := t.set(settings[name]); err != nil {
				return nil, fmt.Errorf("%s: %s of %s: %w", where, name, detector, err)
			}
		}
	}
	return all, nil
}

// settingPlaces finds where each key of a configuration stands, as ":line:column". Keys are joined by zero bytes.
func settingPlaces(data []byte) map[string]string {
	places := map[string]string{}
	var p unstable.Parser
	p.Reset(data)
	var table []string
	for p.NextExpression() {
		e := p.Expression()
		switch e.Kind {
		case unstable.Table, unstable.ArrayTable:
			table = placeKeys(&p, places, nil, e.Key())
		case unstable.KeyValue:
			placeValue(&p, places, table, e)
		default: // comments
		}
	}
	return places
}

// placeKeys notes the places of a dotted key and of what leads to it.
func placeKeys(p *unstable.Parser, places map[string]string, within []string, key unstable.Iterator) []string {
	path := slices.Clone(within)
	for key.Next() {
		n := key.Node()
		path = append(path, string(n.Data))
		if name := strings.Join(path, "\x00"); places[name] == "" {
			start := p.Shape(n.Raw).Start
			places[name] = fmt.Sprintf(":%d:%d", start.Line, start.Column)
		}
	}
	return path
}

// placeValue notes the places of a key and of those in the inline tables behind it.
func placeValue(p *unstable.Parser, places map[string]string, table []string, pair *unstable.Node) {
	type open struct {
		within []string
		pair   *unstable.Node
	}
	stack := []open{{table, pair}}
	for len(stack) > 0 {
		top := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		path := placeKeys(p, places, top.within, top.pair.Key())
		if value := top.pair.Value(); value.Kind == unstable.InlineTable {
			for inner := value.Children(); inner.Next(); {
				stack = append(stack, open{path, inner.Node()})
			}
		}
	}
}
