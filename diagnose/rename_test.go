package diagnose

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"tracefall/sources/trace"
	"tracefall/sources/tracetest"
)

// TestRenamedServices gives every service another name, in the resource and wherever a text mentions it, and wants
// the same findings under the new names. New names keep the alphabetical order, because lists in messages have it.
func TestRenamedServices(t *testing.T) {
	forIncidents(t, func(t *testing.T, before *Report) {
		rename := renaming(before.Set)
		after, err := Run(context.Background(), renamed(before.Set, rename), Options{})
		if err != nil {
			t.Fatal(err)
		}
		want := strings.Split(rename(kinds(before)), "\n")
		got := strings.Split(kinds(after), "\n")
		slices.Sort(want)
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Errorf("found\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	})
}

// kinds is what must stay: detector, severity, service, count and place of every finding.
func kinds(r *Report) string {
	var lines []string
	for i := range r.Findings {
		f := &r.Findings[i]
		lines = append(lines, fmt.Sprintf("%s %s %s ×%d at %s", f.Detector, f.Severity, f.Service, f.Numbers.Count, anchorName(f)))
	}
	return strings.Join(lines, "\n")
}

// renaming returns how texts read under the new names.
func renaming(s *trace.Set) func(string) string {
	var names []string
	each(s, func(sp trace.Span) {
		if name := sp.Service(); name != "" && !slices.Contains(names, name) {
			names = append(names, name)
		}
	})
	slices.Sort(names)
	pairs := make(map[string]string, len(names))
	patterns := make([]string, len(names))
	for i, name := range names {
		pairs[name] = fmt.Sprintf("other%02d-unit", i)
		patterns[i] = regexp.QuoteMeta(name)
	}
	slices.SortFunc(patterns, func(a, b string) int { return len(b) - len(a) }) // the longest name first
	pattern := regexp.MustCompile(`\b(` + strings.Join(patterns, "|") + `)\b`)
	return func(text string) string {
		return pattern.ReplaceAllStringFunc(text, func(name string) string { return pairs[name] })
	}
}

func renamed(s *trace.Set, rename func(string) string) *trace.Set {
	b := trace.NewBuilder()
	each(s, func(sp trace.Span) {
		var raw trace.RawSpan
		tracetest.Copy(b, sp, &raw)
		raw.Name = b.Symbol([]byte(rename(sp.Name())))
		if text := sp.StatusMessage(); text != "" {
			raw.Message = b.String(0, []byte(rename(text)))
		}
		raw.Attrs = renamedAttrs(b, sp.Attrs(), rename)
		for i := range raw.Events {
			raw.Events[i].Attrs = renamedAttrs(b, sp.Event(i).Attrs(), rename)
		}
		scope := sp.Scope()
		raw.Origin = b.Origin(b.Resource(renamedAttrs(b, sp.Resource().Attrs(), rename), 0),
			b.Scope(b.Symbol([]byte(scope.Name())), b.Symbol([]byte(scope.Version())), nil, 0))
		b.Add(&raw)
	})
	return b.Build()
}

func renamedAttrs(b *trace.Builder, attrs trace.Attrs, rename func(string) string) []trace.Attr {
	list := tracetest.CopyAttrs(b, attrs)
	for i := range list {
		if v := attrs.Value(i); v.Type() == trace.TypeString {
			list[i] = b.String(b.Symbol([]byte(attrs.Key(i))), []byte(rename(v.Text())))
		}
	}
	return list
}
