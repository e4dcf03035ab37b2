package cli

import (
	"fmt"

	"github.com/spf13/cobra"

	"tracefall/app"
	"tracefall/app/session"
)

// newRoot returns the command tree. Without a command the inputs open in the explorer.
func newRoot(w *session.World) *cobra.Command {
	opt := &options{Options: app.Options{Settings: session.Settings{World: w}}}
	root := &cobra.Command{
		Use:   "tracefall [INPUT…]",
		Short: "Explore distributed traces in the terminal",
		Long: "tracefall opens Jaeger, OTLP, Tempo and Zipkin exports in the terminal: findings, waterfall, search, comparison, statistics.\n" +
			"An INPUT is a file, a directory, a glob or - for standard input; gzip and zstd are read as they are.\n" +
			"Without INPUT the built-in demo opens.",
		Args:              cobra.ArbitraryArgs,
		SilenceErrors:     true,
		SilenceUsage:      true,
		DisableAutoGenTag: true, // the manual is the same on every day
		PersistentPreRunE: func(*cobra.Command, []string) error { return opt.settle() },
		RunE:              func(cmd *cobra.Command, args []string) error { return opt.explore(cmd.Context(), args) },
	}
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return fmt.Errorf("%w; see %s --help", err, cmd.CommandPath())
	})
	global := root.PersistentFlags()
	global.StringVar(&opt.configFile, "config", "", "read the configuration from `FILE` instead of its usual place")
	global.StringVar(&opt.theme, "theme", "", "`NAME` of the colours: auto, dark, light, safe, 16, none")
	global.BoolVar(&opt.ascii, "ascii", false, "draw with ASCII only")
	global.StringVar(&opt.time, "time", "", "show times as `MODE`: utc, local, relative")
	global.StringVar(&opt.spool, "spool-limit", "", "let a compressed or piped input take this `SIZE` of temporary space, such as 20GB; default: a tenth of what is free")
	global.BoolVar(&w.Reading.JoinIDs, "join-ids", false, "join a trace whose id is the lower 64 bits of another's with that one")
	opt.global = global

	opt.exploring(root.Flags())

	root.AddCommand(newDiff(opt), newDiagnose(opt), newQuery(opt), newShow(opt), newMap(opt), newExport(opt), newDemo(opt), newVersion(w), newMan(w))
	root.CompletionOptions.HiddenDefaultCmd = false
	return root
}
