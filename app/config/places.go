package config

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/pelletier/go-toml/v2/unstable"
)

// places says where each key of a configuration stands, as "path:line:column". Keys are joined by zero bytes.
type places struct {
	path string
	of   map[string]string
}

// at returns where a key stands, the path alone where it does not.
func (in places) at(keys ...string) string {
	if place, ok := in.of[strings.Join(keys, "\x00")]; ok {
		return place
	}
	return in.path
}

// findPlaces reads where the keys of a configuration stand.
func findPlaces(path string, data []byte) places {
	in := places{path, map[string]string{}}
	var p unstable.Parser
	p.Reset(data)
	var table []string
	for p.NextExpression() {
		e := p.Expression()
		switch e.Kind {
		case unstable.Table, unstable.ArrayTable:
			table = in.keys(&p, nil, e.Key())
		case unstable.KeyValue:
			in.value(&p, table, e)
		default: // comments
		}
	}
	return in
}

// keys notes the places of a dotted key and of what leads to it.
func (in places) keys(p *unstable.Parser, within []string, key unstable.Iterator) []string {
	path := slices.Clone(within)
	for key.Next() {
		n := key.Node()
		path = append(path, string(n.Data))
		if name := strings.Join(path, "\x00"); in.of[name] == "" {
			start := p.Shape(n.Raw).Start
			in.of[name] = fmt.Sprintf("%s:%d:%d", in.path, start.Line, start.Column)
		}
	}
	return path
}

// value notes the places of a key and of those in the inline tables behind it.
func (in places) value(p *unstable.Parser, table []string, pair *unstable.Node) {
	type open struct {
		within []string
		pair   *unstable.Node
	}
	stack := []open{{table, pair}}
	for len(stack) > 0 {
		top := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		path := in.keys(p, top.within, top.pair.Key())
		if value := top.pair.Value(); value.Kind == unstable.InlineTable {
			for inner := value.Children(); inner.Next(); {
				stack = append(stack, open{path, inner.Node()})
			}
		}
	}
}

// sortedNames lists the keys of a table, so that of several mistakes the same one is told each time.
func sortedNames[K ~string, V any](m map[K]V) []K {
	return slices.Sorted(maps.Keys(m))
}
