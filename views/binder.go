package views

// Binder collects the bindings of a screen.
type Binder struct {
	List []Binding
	None func() string // why there is nothing that what is added next could be done with; nil where it needs nothing
}

// Bind adds what a command does, and the reasons for not doing it, of which the first that there is counts.
func (b *Binder) Bind(name Command, do func() Action, reasons ...func() string) {
	if b.None != nil {
		reasons = append([]func() string{b.None}, reasons...)
	}
	b.List = append(b.List, Bind(name, do).Unless(func() string {
		for _, reason := range reasons {
			if text := reason(); text != "" {
				return text
			}
		}
		return ""
	}))
}

// Quiet is Bind for what leaves nothing for the program to do.
func (b *Binder) Quiet(name Command, do func(), reasons ...func() string) {
	b.Bind(name, Quiet(do), reasons...)
}

// Pair adds two commands that are one thing in two directions: the first does it with true.
func (b *Binder) Pair(first, second Command, do func(bool) Action, reasons ...func() string) {
	b.Bind(first, func() Action { return do(true) }, reasons...)
	b.Bind(second, func() Action { return do(false) }, reasons...)
}

// QuietPair is Pair for what leaves nothing for the program to do.
func (b *Binder) QuietPair(first, second Command, do func(bool), reasons ...func() string) {
	b.Pair(first, second, func(way bool) Action { do(way); return nil }, reasons...)
}

// Moves adds the commands that move a cursor among rows, or a page.
func (b *Binder) Moves(move func(Command)) { b.List = append(b.List, Moves(move, b.None)...) }
