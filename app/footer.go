package app

import (
	"slices"
	"strings"

	"charm.land/bubbles/v2/key"

	"tracefall/views"
	"tracefall/views/draw"
	"tracefall/views/prompt"
	"tracefall/views/statusline"
)

// footer is the last line: where one is, what just happened, and the keys of what has the keys.
type footer struct{ *model }

// line is what stands in the line.
func (f footer) line(env *views.Env) statusline.StatusLine {
	line := statusline.StatusLine{Hints: f.hints(), Message: f.message, Failed: f.failed, Laid: &f.laid}
	switch {
	case f.copying:
		line.Status, line.Message = []string{"copy"}, ""
	case f.comparing.noting != nil:
		line.Message = ""
	default:
		line.Status = f.status(env)
	}
	return line
}

// draw draws the line, or the note that is being typed at its left.
func (f footer) draw(a draw.Area, line statusline.StatusLine, env *views.Env) {
	line.Draw(a, env)
	if f.comparing.noting != nil {
		f.comparing.drawNote(a.Sub(0, 0, f.laid.Start()-1, 1), env)
	}
}

// status says where one is, the most important first.
func (f footer) status(env *views.Env) []string {
	at := f.focused()
	if f.inPalette {
		at = f.palette
	}
	left, right := at.Status(env)
	parts := strings.Split(left, draw.SegmentGap)
	if right != "" {
		parts = slices.Insert(parts, 1, strings.Split(right, draw.SegmentGap)...)
	}
	if t := f.current(); f.comparing.good != nil && t != nil && t != f.comparing.good {
		baseline := draw.Clean(f.comparing.note)
		if baseline == "" {
			baseline = env.Clock.Time(f.comparing.good.Start()) + " " + draw.Duration(f.comparing.good.Duration())
		}
		parts = slices.Insert(parts, 1, "baseline: "+baseline)
	}
	return parts
}

// hints are the keys of what has the keys, the most useful first and the one that shows all of them last.
func (f footer) hints() []key.Binding {
	switch {
	case f.inPalette:
		return f.palette.TypingHints()
	case f.comparing.noting != nil:
		return noteHints()
	case f.copying:
		return f.copyHints()
	case f.focused().Typing():
		if typing, ok := f.focused().(interface{ TypingHints() []key.Binding }); ok {
			return typing.TypingHints()
		}
		return prompt.SearchHints()
	}
	var all []key.Binding
	for _, b := range f.bindings() {
		all = append(all, b.Key)
	}
	return all
}

// leastHints is how many keys a screen shows at least.
const leastHints = 4

// bindings lists what the footer shows of the bindings of what has the keys. Where that is little the commands that are of
// use everywhere follow. What the tabs say is not said again.
func (f footer) bindings() []views.Binding {
	var shown []views.Binding
	var help []views.Binding
	in, _ := f.scope()
	for _, b := range f.focused().Bindings() {
		switch {
		case b.Footer == 0 || f.can(b.Name) != "":
		case f.layout.tabs.h > 0 && f.tabID(b.Name, in) != noScreen:
		case b.Name == views.ShowHelp:
			help = append(help, f.withKey(b))
		default:
			shown = append(shown, f.withKey(b))
		}
	}
	slices.SortFunc(shown, func(a, b views.Binding) int { return a.Footer - b.Footer })
	for _, name := range []views.Command{views.Enter, views.Search, views.ShowPalette, views.ShowHelp, views.Back, views.Close, views.Quit} {
		_, there := views.Find(slices.Concat(shown, help), name)
		if line, known := f.keys.named(name); !there && known && len(shown)+len(help) < leastHints && f.can(name) == "" {
			shown = append(shown, line)
		}
	}
	return append(shown, help...)
}

// withKey returns a binding of a screen with the keys of the configuration.
func (f footer) withKey(b views.Binding) views.Binding {
	line, _ := f.keys.named(b.Name)
	return b.WithKeys(line.Key.Keys()...)
}

// copyHints say what can follow the key of views.CopyMenu here.
func (f footer) copyHints() []key.Binding {
	var all []key.Binding
	for _, choice := range copyChoices() {
		if f.can(choice.command) == "" {
			all = append(all, views.Hint(choice.keys[0], choice.what))
		}
	}
	return append(all, views.Hint("esc", "cancel"))
}
