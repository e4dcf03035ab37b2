package cli

import (
	"fmt"
	"io"
	"slices"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// The groups of flags in the help; those of no group come first.
const (
	viewFlags    = "View"
	backendFlags = "Backend"
)

// groupKey is the annotation of a flag that names its group.
const groupKey = "group"

// group adds flags to a command as a group of its help.
func group(to *pflag.FlagSet, name string, add func(*pflag.FlagSet)) {
	flags := pflag.NewFlagSet(name, pflag.ContinueOnError)
	add(flags)
	flags.VisitAll(func(f *pflag.Flag) {
		f.Annotations = map[string][]string{groupKey: {name}}
		to.AddFlag(f)
	})
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
		name := ""
		if of := f.Annotations[groupKey]; len(of) > 0 {
			name = of[0]
		}
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
		section(title, groups[name].FlagUsages())
	}
	section("Global flags", cmd.InheritedFlags().FlagUsages())
	if cmd.HasAvailableSubCommands() {
		fmt.Fprintf(w, "\nUse \"%s [command] --help\" for more information about a command.\n", cmd.CommandPath())
	}
	return nil
}

// printSection prints a part of the help, nothing where it is empty.
func printSection(w io.Writer, title, text string) {
	if text != "" {
		fmt.Fprintf(w, "\n%s:\n%s", title, text)
	}
}
