package palette

import (
	"slices"
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"tracefall/sources/trace"
	"tracefall/views"
	"tracefall/views/draw"
	"tracefall/views/prompt"
	"tracefall/views/table"
)

// Kind is what an item of the palette is.
type Kind uint8

// The kinds, in the order in which equally good matches are shown.
const (
	KindCommand Kind = iota
	PaletteQuery
	PaletteStory // an incident of the demo
	PaletteService
	PaletteOperation
	PaletteTrace
)

// paletteKinds are the names of the kinds and the sign that asks for that kind only.
var paletteKinds = [...]struct{ name, many, sign string }{
	KindCommand:      {"command", "commands", ">"},
	PaletteQuery:     {"query", "queries", "?"},
	PaletteStory:     {"incident", "incidents", "!"},
	PaletteService:   {"service", "services", "@"},
	PaletteOperation: {"operation", "operations", "#"},
	PaletteTrace:     {"trace", "traces", ""},
}

// Item is something the palette can go to or do.
type Item struct {
	Kind     Kind
	Text     string       // what is shown and searched
	Short    string       // shown in its place where the note has no room beside it, "" for nothing
	Keys     string       // of a command
	Note     string       // what else is worth knowing, shown where there is room
	Disabled string       // why it cannot be done now, "" when it can
	Action   views.Action // returned when it is chosen
}

// Palette is the overlay in which anything is found by typing some of it: commands, services, operations, traces
// by their id. A text that is pasted is searched for trace ids first.
//
// Every action that Type, Do and Mouse return closes it, but for Say.
type Palette struct {
	input   prompt.Input
	items   []Item
	ranking prompt.Ranking
	has     [len(paletteKinds)]bool // the kinds among the items
	index   *IDIndex
	choice  Choice // what it is open for; the zero value for anything

	traces []Item // found by id, or what the text means by itself; above the hits
	wrong  string // what the text should be, where nothing matches
	hits   []prompt.Hit
	total  int // matches, all of them

	table.Overlay
	full     bool // a paste was too long to be taken whole
	bindings []views.Binding
}

// maxTraces is how many traces are listed for ids in the text.
const maxTraces = 20

// maxFuzzy is the longest text that is looked for among the items, in bytes: what is longer was pasted.
const maxFuzzy = 200

// SetItems gives the palette everything but traces to choose from.
func (p *Palette) SetItems(items []Item) {
	p.items, p.ranking = items, rank(items)
	p.has = [len(paletteKinds)]bool{}
	for _, item := range items {
		p.has[item.Kind] = true
	}
	p.search()
}

// rank prepares items for being found.
func rank(items []Item) prompt.Ranking {
	return prompt.Rank(len(items), func(i int) prompt.Choice {
		c := prompt.Choice{Text: items[i].Text, Kind: uint8(items[i].Kind), Disabled: items[i].Disabled != ""}
		switch items[i].Kind {
		case KindCommand, PaletteStory, PaletteQuery: // whose notes say what they are, not how many
			c.Beside = items[i].Note
		default:
		}
		return c
	})
}

// SetIndex gives the palette the traces to find by id.
func (p *Palette) SetIndex(index *IDIndex) {
	p.index = index
	p.search()
}

// Choice is what the palette is open for, where that is one thing.
type Choice struct {
	Title, Placeholder string
	Verb               string                     // what enter does, in a word
	Typed              func(string) (Item, error) // what a text means that is no item; nil for nothing. The error says what is expected
}

// OpenFor opens the palette for one thing, with nothing but these items.
func (p *Palette) OpenFor(c Choice, items []Item) {
	p.choice = c
	p.SetItems(items)
	p.begin("")
}

// Open empties the palette, or begins with a text.
func (p *Palette) Open(text string) {
	p.choice = Choice{}
	p.begin(text)
}

func (p *Palette) begin(text string) {
	p.input.SetText(text)
	p.full = false
	p.search()
}

// Text returns what was typed.
func (p *Palette) Text() string { return p.input.Text() }

// search finds what the text means.
func (p *Palette) search() {
	text := strings.TrimSpace(p.input.Text())
	p.Row, p.Top = 0, 0
	p.hits, p.total, p.traces, p.wrong = nil, 0, nil, ""
	wanted := func(uint8) bool { return true }
	if p.choice.Title != "" {
		p.find(text, wanted)
		p.findTyped(text)
		return
	}
	for kind, k := range paletteKinds {
		if rest, ok := strings.CutPrefix(text, k.sign); ok && k.sign != "" {
			text = strings.TrimSpace(rest)
			wanted = func(k uint8) bool { return int(k) == kind }
			p.find(text, wanted)
			return
		}
	}
	p.findTraces(text)
	p.find(text, wanted)
}

// findTyped finds what a text means by itself. An item that says the same is not listed twice.
func (p *Palette) findTyped(text string) {
	if text == "" || p.choice.Typed == nil {
		return
	}
	item, err := p.choice.Typed(text)
	switch {
	case err == nil:
		p.traces = []Item{item}
		p.hits = slices.DeleteFunc(p.hits, func(h prompt.Hit) bool { return p.items[h.Item].Text == item.Text })
		p.total = len(p.hits)
	case len(p.hits) == 0:
		p.wrong = err.Error()
	}
}

func (p *Palette) find(text string, wanted func(kind uint8) bool) {
	if len(text) <= maxFuzzy {
		p.hits, p.total = p.ranking.Find(text, wanted)
	}
}

// findTraces finds the traces that the text names, whole ids before beginnings of ids.
func (p *Palette) findTraces(text string) {
	if p.index == nil {
		return
	}
	guesses := ExtractIDs(text)
	for _, m := range p.index.FindAll(guesses, maxTraces) {
		g := guesses[m.Guess]
		note := ""
		if !m.Exact {
			note = "same lower 64 bits"
		}
		p.addTrace(m.Trace, g.Span, note)
	}
	if len(p.traces) > 0 {
		return
	}
	found, total := p.index.Prefix(text, maxTraces)
	for _, i := range found {
		p.addTrace(i, trace.SpanID{}, "")
	}
	if total > len(found) {
		p.traces = append(p.traces, Item{
			Kind: PaletteTrace, Text: draw.Amount(total-len(found), "more trace") + " with this beginning",
			Disabled: "type more of the id",
		})
	}
	if len(p.traces) == 0 && len(guesses) > 0 {
		g := guesses[0]
		p.traces = append(p.traces, Item{
			Kind: PaletteTrace, Text: "trace " + g.ID.String(), Short: "trace " + views.ShortID(g.ID), Note: "not among the " + draw.Amount(p.index.Set().Len(), "trace") + " loaded",
			Action: views.GoTo{Trace: g.ID, Span: g.Span},
		})
	}
}

// addTrace lists a trace of the set; the cursor goes to the span that the text named, where it is there.
func (p *Palette) addTrace(i int, span trace.SpanID, note string) {
	t := p.index.Set().Trace(i)
	at := -1
	if !span.IsZero() {
		at = t.Find(span)
	}
	root := views.RootText(t)
	if note != "" {
		root += draw.SegmentGap + note
	}
	p.traces = append(p.traces, Item{
		Kind: PaletteTrace, Text: "open trace " + t.ID().String(), Short: "open trace " + views.ShortID(t.ID()), Note: root,
		Action: views.OpenTrace{Trace: t, Span: at},
	})
}

// count returns how many rows there are.
func (p *Palette) count() int { return len(p.traces) + len(p.hits) }

// at returns a row: an item and where it matches.
func (p *Palette) at(row int) (*Item, []int) {
	if row < len(p.traces) {
		return &p.traces[row], nil
	}
	h := &p.hits[row-len(p.traces)]
	return &p.items[h.Item], h.Matched
}

// choose returns what the row under the cursor does.
func (p *Palette) choose() views.Action {
	if p.Row >= p.count() {
		return views.Say{Text: p.nothing()}
	}
	item, _ := p.at(p.Row)
	if item.Disabled != "" {
		return views.Say{Text: item.Text + ": " + item.Disabled}
	}
	return item.Action
}

// nothing says why there is nothing to choose.
func (p *Palette) nothing() string {
	if p.wrong != "" {
		return p.wrong
	}
	if len(p.input.Text()) > maxFuzzy {
		return "no trace id in this text"
	}
	return "nothing matches"
}

// Typing implements Screen: keys always go to the text.
func (p *Palette) Typing() bool { return true }

// Type implements Screen.
func (p *Palette) Type(key tea.KeyPressMsg) views.Action {
	switch key.Keystroke() {
	case "enter":
		return p.choose()
	case "esc", "ctrl+c", "ctrl+g":
		return views.Leave{}
	}
	if c, ok := paletteMoves[key.Keystroke()]; ok && key.Text == "" {
		p.Move(c, p.count())
		return nil
	}
	if len(key.Text) > prompt.MaxInput-len(p.input.Text()) {
		p.full = true
	}
	if _, changed := p.input.Key(key); changed {
		p.search()
	}
	return nil
}

// paletteMoves are the keys of fzf.
var paletteMoves = map[string]views.Command{
	"up": views.Up, "ctrl+p": views.Up, "down": views.Down, "ctrl+n": views.Down, "pgup": views.PageUp, "pgdown": views.PageDown,
	"ctrl+j": views.Down, "shift+tab": views.Up, "tab": views.Down,
}

// Bindings implements Screen.
func (p *Palette) Bindings() []views.Binding {
	return views.Once(&p.bindings, func() []views.Binding {
		none := views.When(func() bool { return p.count() == 0 }, "nothing matches")
		return append(views.Moves(func(c views.Command) { p.Move(c, p.count()) }, none), views.Bind(views.Enter, p.choose).Unless(none), views.Bind(views.Back, views.Leaves))
	})
}

// TypingHints are the keys of the palette, the most useful first.
func (p *Palette) TypingHints() []key.Binding {
	if p.choice.Title != "" {
		return []key.Binding{views.Hint("enter", p.choice.Verb), views.Hint("up down", "choose"), views.Hint("ctrl+u", "clear"), views.Hint("esc", "close")}
	}
	return []key.Binding{views.Hint("enter", "run"), views.Hint("up down", "choose"), views.Hint("pgdown", "page"), views.Hint("ctrl+u", "clear"), views.Hint("esc", "close")}
}

// Mouse implements Screen: a click chooses, one beside the palette closes it.
func (p *Palette) Mouse(m views.Mouse) views.Action { return p.Choose(m, p.count(), p.choose) }
