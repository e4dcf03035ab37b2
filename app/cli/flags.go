package cli

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"tracefall/app/report"
	"tracefall/app/session"
	"tracefall/diagnose/rule"
	"tracefall/sources/query"
	"tracefall/views/draw"
)

// formatFlag is a flag that takes one of the known formats.
type formatFlag struct {
	format *report.Format
	known  []string
}

// addFormat adds --format to a command; the format it has is the default.
func addFormat(cmd *cobra.Command, f *report.Format, usage string, known ...report.Format) {
	flag := formatFlag{format: f}
	for _, one := range known {
		flag.known = append(flag.known, string(one))
	}
	cmd.Flags().Var(flag, "format", usage)
	completeWith(cmd, "format", flag.known...)
}

// String returns the format's name.
func (f formatFlag) String() string {
	if f.format == nil {
		return "" // the help asks a flag that was never set
	}
	return string(*f.format)
}

// Type names the flag's values in the help.
func (f formatFlag) Type() string { return "FORMAT" }

// Set takes a format by its name.
func (f formatFlag) Set(name string) error {
	if !slices.Contains(f.known, name) {
		return errors.New("expected one of " + strings.Join(f.known, ", "))
	}
	*f.format = report.Format(name)
	return nil
}

// severityFlag is a flag that takes a severity; not set it is none.
type severityFlag struct {
	severity rule.Severity
	set      bool
}

// String returns the severity's name, "" for none.
func (f *severityFlag) String() string {
	if !f.set {
		return ""
	}
	return f.severity.String()
}

// Type names the flag's values in the help.
func (f *severityFlag) Type() string { return "SEVERITY" }

// Set takes a severity by its name.
func (f *severityFlag) Set(name string) error {
	s, ok := rule.ParseSeverity(name)
	if !ok {
		return errors.New("expected one of info, low, medium, high, critical")
	}
	*f = severityFlag{s, true}
	return nil
}

// needInputs refuses a command without inputs, after skip arguments of another kind.
func (o *options) needInputs(skip int, form string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) <= skip && (len(args) < skip || !o.namesBackend()) {
			return fmt.Errorf("%s needs an input (file, directory, or - for standard input): tracefall %s", cmd.Name(), form)
		}
		return nil
	}
}

// noArguments refuses arguments; what names the command, with the flags that make it take none.
func noArguments(what string) cobra.PositionalArgs {
	return func(_ *cobra.Command, args []string) error {
		if len(args) > 0 {
			return fmt.Errorf("%s takes no arguments: leave out %s", what, draw.Clean(args[0]))
		}
		return nil
	}
}

// flagError says in a person's words what is wrong with a flag: which one, and what was meant or expected.
func flagError(cmd *cobra.Command, err error) error {
	if wrong, ok := errors.AsType[*pflag.InvalidValueError](err); ok {
		flag, why := wrong.GetFlag(), errors.Unwrap(err)
		if _, ok := errors.AsType[*strconv.NumError](why); ok {
			why = errors.New("expected a whole number")
			if flag.Value.Type() == "bool" {
				why = errors.New("expected true or false")
			}
		}
		return fmt.Errorf("--%s %q: %w", flag.Name, wrong.GetValue(), why)
	}
	if unknown, ok := errors.AsType[*pflag.NotExistError](err); ok {
		var names []string
		cmd.Flags().VisitAll(func(f *pflag.Flag) { names = append(names, f.Name) })
		if meant := query.Nearest(unknown.GetSpecifiedName(), names); meant != "" && unknown.GetSpecifiedShortnames() == "" {
			return fmt.Errorf("%w; did you mean --%s?", err, meant)
		}
	}
	return fmt.Errorf("%w; see %s --help", err, cmd.CommandPath())
}

// addWidth adds --width to a command that prints text; without it the width stays 0, that of the terminal.
func addWidth(cmd *cobra.Command, width *int) {
	cmd.Flags().Func("width", "output width in `N` columns (default: the terminal's)", func(text string) error {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 {
			return errors.New("expected a number of columns")
		}
		*width = n
		return nil
	})
}

// completeWith gives the shell the values of a flag.
func completeWith(cmd *cobra.Command, flag string, values ...string) {
	if err := cmd.RegisterFlagCompletionFunc(flag, cobra.FixedCompletions(values, cobra.ShellCompDirectiveNoFileComp)); err != nil {
		panic(err) // the flag is not there, or has completions already
	}
}

// exploring adds the flags of the commands that open the explorer.
func (o *options) exploring(cmd *cobra.Command) {
	group(cmd.Flags(), viewFlags, o.exploringFlags)
	completeWith(cmd, "view", strings.Split(viewNames, ", ")...)
	completeWith(cmd, "by", "service", "operation", "template", "edge")
	completeWith(cmd, "finding", session.DetectorNames()...)
}

func (o *options) exploringFlags(flags *pflag.FlagSet) {
	flags.StringVar(&o.Where, "where", "", "open with the search `QUERY`")
	flags.StringVar(&o.Trace, "trace", "", "open the trace `ID` (or any text containing the id)")
	flags.StringVar(&o.Span, "span", "", "select the span `ID`")
	flags.StringVar(&o.Fold, "fold", "", "collapse the spans `IDS` (comma-separated), or all below a depth such as 2")
	flags.StringVar(&o.By, "by", "", "group statistics by `KEY`: service, operation, template, edge or an attribute")
	flags.StringVar(&o.Finding, "finding", "", "open at the finding `NAME`: detector name or fingerprint")
	flags.StringVar(&o.zoom, "zoom", "", "zoom to `FROM..TO` since the start of the trace, such as 1.2s..3s")
	flags.StringVar(&o.draw, "draw", "", "display options `WHAT` (comma-separated): path, path-only, clocks, groups, gaps, matches")
	flags.StringVar(&o.View, "view", "", "open `VIEW`: "+viewNames)
	flags.StringVar(&o.Compare, "compare", "", "compare the trace of --trace with the baseline trace `ID`")
	flags.BoolVar(&o.Watch, "watch", false, "ask the backend again every 5 s (key W)")
	flags.BoolVar(&o.NoMouse, "no-mouse", false, "disable mouse")
	flags.StringVar(&o.Debug, "debug", "", "write crash stack trace to `FILE`")
}

// asking adds the flags of the commands that can ask a backend.
func (o *options) asking(cmd *cobra.Command) {
	until := "to"
	if cmd.Flags().Lookup(until) != nil { // export writes to a format
		until = "until"
	}
	group(cmd.Flags(), backendFlags, func(flags *pflag.FlagSet) { o.askingFlags(flags, until) })
	completeBackends(cmd, o)
}

// askingFlags adds them; until is the one that ends the window.
func (o *options) askingFlags(flags *pflag.FlagSet, until string) {
	b := &o.backend
	flags.StringVar(&b.Backend, "backend", "", "ask the backend `NAME` of the configuration")
	flags.StringVar(&b.Jaeger, "jaeger", "", "ask the Jaeger at `URL`")
	flags.StringVar(&b.Tempo, "tempo", "", "ask the Tempo at `URL`")
	flags.StringVar(&b.URL, "url", "", "ask the server at `URL`, whether Jaeger or Tempo")
	flags.StringArrayVar(&b.Headers, "header", nil, "send the header `'NAME: VALUE'` to the backend (no credentials)")
	flags.StringVar(&b.Since, "since", "", "window: the last `DURATION`, such as 15m or 7d (default 1h)")
	flags.StringVar(&b.From, "from", "", "window: from `TIME`, such as 14:02 or 2026-11-28T14:02:00Z")
	flags.StringVar(&b.To, until, "", "window: to `TIME` (default: now)")
	flags.IntVar(&b.Limit, "limit", 0, "stop once `N` traces match (default 100)")
	flags.BoolVar(&b.All, "all", false, "ask for all matching traces of the window")
	flags.BoolVar(&b.Exact, "exact", false, "do not ask the backend for terms that it may answer too narrowly")
}

// listing adds the flag of the commands that list traces.
func (o *options) listing(cmd *cobra.Command) {
	group(cmd.Flags(), backendFlags, func(flags *pflag.FlagSet) {
		flags.BoolVar(&o.backend.Light, "light", false, "list traces without their spans, where the backend has summaries")
	})
}

// completeBackends gives the shell the names of the configuration.
func completeBackends(cmd *cobra.Command, o *options) {
	names := func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		if o.settle() != nil {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		return o.Backends.Names(), cobra.ShellCompDirectiveNoFileComp
	}
	if err := cmd.RegisterFlagCompletionFunc("backend", names); err != nil {
		panic(err) // the flag is not there, or has completions already
	}
}
