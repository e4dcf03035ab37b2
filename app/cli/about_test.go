package cli

import (
	"bytes"
	"cmp"
	"flag"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"tracefall/app/session"
	"tracefall/views/draw"
)

var update = flag.Bool("update", false, "write the manual page instead of comparing with it; read it afterwards")

// TestManual checks that the manual page is what the commands say now. It has no date, so that it changes only with them.
func TestManual(t *testing.T) {
	got := writeManual(newRoot(&session.World{}))
	if *update {
		if err := os.WriteFile("tracefall.1", got, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(got, manual) && !*update {
		t.Errorf("tracefall.1 is not what the commands say: write it anew with go test -run TestManual -update, and read it; got\n%s", got)
	}
}

// TestHelpFitsTheTerminal checks that no line of any help is wider than the narrowest terminal that people work in.
func TestHelpFitsTheTerminal(t *testing.T) {
	root := newRoot(&session.World{})
	commands := append([]*cobra.Command{root}, root.Commands()...)
	for _, cmd := range commands {
		var b bytes.Buffer
		cmd.SetOut(&b)
		if err := cmd.Help(); err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(b.String()) {
			if n := draw.Width(strings.TrimSuffix(line, "\n")); n > helpWidth {
				t.Errorf("%s --help has a line of %d columns, want at most %d: %s", cmd.CommandPath(), n, helpWidth, line)
			}
		}
	}
	if len(commands) < 10 {
		t.Errorf("checked the help of %d commands, want at least 10", len(commands))
	}
}

// writeManual writes the manual page: all commands on one page, since a binary copied to a machine brings one page only.
func writeManual(root *cobra.Command) []byte {
	m := &manualPage{}
	m.line(`.TH "TRACEFALL" "1" "" "tracefall" "User Commands"`)
	m.section("NAME")
	m.text(root.Name() + " - explore distributed traces in the terminal")
	m.section("SYNOPSIS")
	for _, cmd := range commandsOf(root) {
		m.line(".br")
		m.text(strings.TrimSuffix(cmd.UseLine(), " [flags]"))
	}
	m.section("DESCRIPTION")
	m.paragraphs(root.Long)
	m.section("COMMANDS")
	for _, cmd := range commandsOf(root)[1:] {
		m.line(".SS " + manualText(cmd.Name()))
		m.paragraphs(cmp.Or(cmd.Long, cmd.Short+"."))
		m.flags(cmd.LocalNonPersistentFlags(), func(f *pflag.Flag) bool {
			common := root.Flags().Lookup(f.Name)
			return f.Name != "help" && (common == nil || common.Usage != f.Usage)
		})
		m.example(cmd.Example)
	}
	m.section("OPTIONS")
	m.line(".SS Global")
	m.text("Of all commands.")
	m.flags(root.PersistentFlags(), func(*pflag.Flag) bool { return true })
	for _, group := range []struct{ name, note string }{
		{viewFlags, "Of the explorer and of demo."},
		{backendFlags, "Of the explorer and of all commands that take an INPUT."},
	} {
		m.line(".SS " + group.name)
		m.text(group.note)
		m.flags(root.Flags(), func(f *pflag.Flag) bool { return groupOf(f) == group.name })
	}
	m.section("EXAMPLES")
	m.example(root.Example)
	m.section("EXIT STATUS")
	for line := range strings.Lines(exitStatus) {
		status, meaning, _ := strings.Cut(strings.TrimSpace(line), "  ")
		m.term(status, meaning)
	}
	m.section("ENVIRONMENT")
	m.term("TRACEFALL_BACKEND", "the default of --backend")
	m.term("TRACEFALL_THEME", "the default of --theme")
	m.term("NO_COLOR", "if set and not empty: no colours")
	m.term("XDG_CONFIG_HOME, XDG_STATE_HOME", "where the files below are, by default ~/.config and ~/.local/state")
	m.section("FILES")
	m.term("~/.config/tracefall/config.toml", "the configuration")
	m.term("~/.local/state/tracefall/history", "the latest queries of the explorer")
	return m.Bytes()
}

// commandsOf returns a command and those below it that have a section of their own in the manual.
func commandsOf(root *cobra.Command) []*cobra.Command {
	all := []*cobra.Command{root}
	for _, c := range root.Commands() {
		if c.Name() != "help" {
			all = append(all, c)
		}
	}
	return all
}

// manualPage is a page in the language of man(7).
type manualPage struct{ bytes.Buffer }

func (m *manualPage) line(text string)     { m.WriteString(text + "\n") }
func (m *manualPage) section(title string) { m.line(".SH " + title) }
func (m *manualPage) text(text string)     { m.line(manualText(text)) }

// paragraphs writes a text whose paragraphs stand apart.
func (m *manualPage) paragraphs(text string) {
	if text == "" {
		return
	}
	for i, paragraph := range strings.Split(text, "\n\n") {
		if i > 0 {
			m.line(".PP")
		}
		m.text(paragraph)
	}
}

// term writes a name and what it means.
func (m *manualPage) term(name, meaning string) {
	m.line(".TP")
	m.line(`\fB` + manualText(name) + `\fP`)
	m.text(meaning)
}

// flags writes those of some flags that are wanted, as the help does.
func (m *manualPage) flags(flags *pflag.FlagSet, wanted func(*pflag.Flag) bool) {
	flags.VisitAll(func(f *pflag.Flag) {
		if !wanted(f) {
			return
		}
		value, meaning := pflag.UnquoteUsage(f)
		name := strings.TrimSpace("--" + f.Name + " " + value)
		if f.Shorthand != "" {
			name = "-" + f.Shorthand + ", " + name
		}
		m.term(name, meaning)
	})
}

// example writes lines as they are.
func (m *manualPage) example(lines string) {
	if lines == "" {
		return
	}
	m.line(".PP")
	m.line(".EX")
	m.text(lines)
	m.line(".EE")
}

// manualText writes a text so that man prints it as it is.
func manualText(text string) string {
	text = strings.NewReplacer(`\`, `\e`, "-", `\-`).Replace(text)
	return regexp.MustCompile(`(?m)^([.'])`).ReplaceAllString(text, `\&$1`)
}
