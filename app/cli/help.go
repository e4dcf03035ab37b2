package cli

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"tracefall/sources/query"
	"tracefall/views/draw"
)

// The groups of flags in the help; those of no group come first.
const (
	viewFlags    = "View"
	backendFlags = "Backend"
)

// groupKey is the annotation of a flag that names its group.
const groupKey = "group"

// helpWidth is how wide the help is: as wide as the narrowest terminal that people work in.
const helpWidth = 80

// exitStatus tells what the statuses mean, in the help and in the manual.
const exitStatus = `  0  fine
  1  no match, a difference, or a finding at or above --fail-on
  2  an input or usage error; each is one line on standard error
`

// group adds flags to a command as a group of its help.
func group(to *pflag.FlagSet, name string, add func(*pflag.FlagSet)) {
	flags := pflag.NewFlagSet(name, pflag.ContinueOnError)
	add(flags)
	flags.VisitAll(func(f *pflag.Flag) {
		f.Annotations = map[string][]string{groupKey: {name}}
		to.AddFlag(f)
	})
}

// groupOf returns the group of a flag, "" for none.
func groupOf(f *pflag.Flag) string {
	if of := f.Annotations[groupKey]; len(of) > 0 {
		return of[0]
	}
	return ""
}

// usage prints how a command is called: its forms, examples, commands, and its flags by group.
func usage(cmd *cobra.Command) error {
	w := cmd.OutOrStderr()
	section := func(title, text string) { printSection(w, title, text) }
	forms := ""
	if cmd.Runnable() {
		forms += "  " + cmd.UseLine() + "\n"
	}
	if cmd.HasAvailableSubCommands() {
		forms += "  " + cmd.CommandPath() + " [command]\n"
	}
	fmt.Fprintf(w, "Usage:\n%s", forms)
	if cmd.HasExample() {
		section("Examples", cmd.Example+"\n")
	}
	commands := ""
	for _, c := range cmd.Commands() {
		if c.IsAvailableCommand() || c.Name() == "help" {
			commands += fmt.Sprintf("  %-*s %s\n", cmd.NamePadding(), c.Name(), c.Short)
		}
	}
	section("Commands", commands)
	groups := map[string]*pflag.FlagSet{}
	var names []string
	cmd.LocalFlags().VisitAll(func(f *pflag.Flag) {
		name := groupOf(f)
		if groups[name] == nil {
			groups[name] = pflag.NewFlagSet(name, pflag.ContinueOnError)
			names = append(names, name)
		}
		groups[name].AddFlag(f)
	})
	slices.Sort(names)
	for _, name := range names {
		title := "Flags"
		if name != "" {
			title = name + " flags"
		}
		section(title, flagUsages(groups[name]))
	}
	section("Global flags", flagUsages(cmd.InheritedFlags()))
	if !cmd.HasParent() {
		section("Exit status", exitStatus)
	}
	if cmd.HasAvailableSubCommands() {
		fmt.Fprintf(w, "\nUse \"%s [command] --help\" for more about a command.\n", cmd.CommandPath())
	}
	return nil
}

// flagUsages describes flags, a line each or several where it is long.
func flagUsages(flags *pflag.FlagSet) string { return flags.FlagUsagesWrapped(helpWidth) }

// printSection prints a part of the help, nothing where it is empty.
func printSection(w io.Writer, title, text string) {
	if text != "" {
		fmt.Fprintf(w, "\n%s:\n%s", title, text)
	}
}

// refuseUnknown makes cobra's own commands, completion and help, refuse a word that they do not know. By themselves they
// print a help and succeed, which a script takes for what it asked for.
func refuseUnknown(root *cobra.Command) {
	root.InitDefaultHelpCmd()
	root.InitDefaultCompletionCmd()
	for _, c := range root.Commands() {
		switch c.Name() {
		case "help":
			c.Args = func(_ *cobra.Command, args []string) error {
				if len(args) == 0 {
					return nil
				}
				return knownCommand(root, draw.Clean(args[0]))
			}
		case "completion":
			var shells []string
			for _, shell := range c.Commands() {
				shells = append(shells, shell.Name())
			}
			c.Use, c.Args = "completion SHELL", cobra.ArbitraryArgs
			c.Short = "Print the completion script of a shell"
			c.Long = "Print the script that completes commands, flags and their values in a SHELL:\n" +
				strings.Join(shells, ", ") + ". The help of each tells how to load it."
			c.Example = "  source <(tracefall completion bash)\n" +
				"  tracefall completion zsh --help"
			c.RunE = func(*cobra.Command, []string) error {
				return fmt.Errorf("completion needs a shell: tracefall completion %s", strings.Join(shells, "|"))
			}
		}
	}
}

// knownCommand refuses a name that no command has.
func knownCommand(root *cobra.Command, name string) error {
	if slices.ContainsFunc(root.Commands(), func(c *cobra.Command) bool { return c.Name() == name }) {
		return nil
	}
	if meant := nearestCommand(root, name); meant != "" {
		return fmt.Errorf("unknown command %s: did you mean %s?", name, meant)
	}
	return fmt.Errorf("unknown command %s; see tracefall --help", name)
}

// nearestCommand returns the command whose name is a typing mistake away, "" for none.
func nearestCommand(root *cobra.Command, word string) string {
	var names []string
	for _, c := range root.Commands() {
		names = append(names, c.Name())
	}
	return query.Nearest(word, names)
}
