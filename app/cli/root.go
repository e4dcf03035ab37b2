package cli

import (
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"tracefall/app"
	"tracefall/app/config"
	"tracefall/app/session"
	"tracefall/views/draw"
	"tracefall/views/style"
)

// newRoot returns the command tree. Without a command the inputs open in the explorer.
func newRoot(w *session.World) *cobra.Command {
	opt := &options{Options: app.Options{Settings: session.Settings{World: w}}}
	asked := false // for the version: cobra's own flag wants a template, which costs 4 MB of binary
	root := &cobra.Command{
		Use:   "tracefall [INPUT…]",
		Short: "Explore distributed traces in the terminal",
		Long: "Explore distributed traces in the terminal: Jaeger, OTLP, Tempo and Zipkin\n" +
			"exports, or the traces of a running Jaeger or Tempo. Without INPUT the built-in\n" +
			"demo opens.\n\n" +
			"INPUT is a file, a directory, a glob pattern or - for standard input; gzip and\n" +
			"zstd are decompressed. For a backend, INPUT is NAME:TRACEID for one trace, NAME:\n" +
			"for a window of time, or a link copied from Jaeger's UI.",
		Example: "  tracefall traces.json\n" +
			"  tracefall --where 'error=true duration>1s' traces/\n" +
			"  tracefall --jaeger http://127.0.0.1:16686 'error=true'\n" +
			"  tracefall diff good.json bad.json",
		Args:              cobra.ArbitraryArgs,
		SilenceErrors:     true,
		SilenceUsage:      true,
		DisableAutoGenTag: true, // the manual is the same on every day
		PersistentPreRunE: func(*cobra.Command, []string) error { return opt.settle() },
		RunE: func(cmd *cobra.Command, args []string) error {
			if asked {
				return printVersion(w)
			}
			if err := misspelled(opt, cmd, args); err != nil {
				return err
			}
			return opt.explore(cmd.Context(), args)
		},
	}
	root.SetFlagErrorFunc(flagError)
	root.SetUsageFunc(usage)
	global := root.PersistentFlags()
	global.StringVar(&opt.configFile, "config", "", "configuration `FILE` (default: the user configuration directory)")
	global.StringVar(&opt.theme, "theme", "", "colour theme `NAME`: auto, dark, light, safe, 16, none")
	global.BoolVar(&opt.ascii, "ascii", false, "use ASCII characters only")
	global.StringVar(&opt.time, "time", "", "show times as `MODE`: utc, local, relative")
	global.StringVar(&opt.spool, "spool-limit", "", "disk space `SIZE` for compressed or piped input, such as 20GB (default: 10 % of the free space)")
	global.BoolVar(&w.Reading.JoinIDs, "join-ids", false, "join traces whose 64-bit id is the lower half of a 128-bit id")
	opt.global = global
	completeWith(root, "theme", append([]string{style.Auto}, style.Names()...)...)
	completeWith(root, "time", config.ClockModes[:]...)

	opt.exploring(root)
	opt.asking(root)
	opt.listing(root)
	root.Flags().BoolVarP(&asked, "version", "v", false, "print the version")

	for _, cmd := range []*cobra.Command{newDiff(opt), newDiagnose(opt), newQuery(opt), newShow(opt), newMap(opt), newExport(opt)} {
		opt.asking(cmd)
		root.AddCommand(cmd)
	}
	root.AddCommand(newDemo(opt), newVersion(w), newMan(w))
	refuseUnknown(root)
	return root
}

// misspelled refuses a first word that is no file and the name of a backend, or nearly that of a command.
func misspelled(o *options, root *cobra.Command, args []string) error {
	if len(args) == 0 || o.namesBackend() || strings.ContainsAny(args[0], "./\\*?[") {
		return nil
	}
	if _, err := os.Stat(args[0]); err == nil {
		return nil
	}
	if name := args[0]; slices.Contains(o.Backends.Names(), name) {
		return fmt.Errorf("%s is a backend: tracefall --backend %s, or %s: as an input", name, name, name)
	}
	if meant := nearestCommand(root, args[0]); meant != "" {
		return fmt.Errorf("unknown file or command %s: did you mean %s?", draw.Clean(args[0]), meant)
	}
	return nil
}
