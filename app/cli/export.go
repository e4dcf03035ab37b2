package cli

import (
	"context"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"tracefall/app/report"
	"tracefall/app/session"
	"tracefall/sources/export"
	"tracefall/sources/trace"
)

// exportFlags are what `export` is asked for.
type exportFlags struct {
	to, trace, where, out string
	redact                bool
}

func newExport(opt *options) *cobra.Command {
	f := &exportFlags{}
	cmd := &cobra.Command{
		Use:   "export INPUT… --to otlp|jaeger",
		Short: "Write traces as OTLP or Jaeger JSON",
		Long: "Write traces as OTLP JSON lines or as a Jaeger JSON document, whatever format\n" +
			"they came in. Exit status 1 if no trace matches --where.",
		Example: "  tracefall export traces.json --to jaeger -o jaeger.json\n" +
			"  tracefall export prod: --since 15m --to otlp --redact > incident.jsonl",
		Args: opt.needInputs(0, "export INPUT… --to otlp|jaeger"),
		RunE: func(cmd *cobra.Command, args []string) error { return f.run(cmd.Context(), opt, args) },
	}
	flags := cmd.Flags()
	flags.StringVar(&f.to, "to", "", "output `FORMAT`: otlp or jaeger")
	flags.StringVar(&f.trace, "trace", "", "only the trace `ID` (or any text containing the id)")
	flags.StringVar(&f.where, "where", "", "only traces that match `QUERY`")
	flags.BoolVar(&f.redact, "redact", false, "mask secrets")
	flags.StringVarP(&f.out, "output", "o", "", "write to `FILE` instead of standard output")
	completeWith(cmd, "to", "otlp", "jaeger")
	return cmd
}

func (f *exportFlags) run(ctx context.Context, o *options, inputs []string) error {
	write := export.WriteOTLP
	switch f.to {
	case "otlp":
	case "jaeger":
		write = export.WriteJaeger
	case "":
		return fmt.Errorf("export needs --to otlp or --to jaeger")
	default:
		return fmt.Errorf("unknown format %q: expected --to otlp or --to jaeger", f.to)
	}
	inputs, where, err := o.inputs(inputs, f.where)
	if err != nil {
		return err
	}
	inputs = o.Backends.OfTrace(inputs, f.trace)
	f.where = where
	if err := session.CheckQuery(f.where); err != nil {
		return err
	}
	result, failed := o.Open(ctx, inputs, f.where)
	if result == nil {
		return failed
	}
	defer session.CloseQuietly(result.Set)
	chosen, err := o.choose(ctx, result.Set, f.trace, f.where)
	if err != nil {
		return err
	}
	traces := make([]*trace.Trace, len(chosen))
	for i, c := range chosen {
		traces[i] = c.Trace
	}
	var opt export.Options
	if f.redact {
		opt.Redact, opt.RedactText = session.Redact, session.RedactText
	}
	if err := writeTo(o.World.Stdout, f.out, func(w io.Writer) error { return write(w, traces, opt) }); err != nil {
		return err
	}
	return failed
}

// writeTo writes a document to standard output, which may be a terminal, or to a file (session.WriteFile).
func writeTo(stdout io.Writer, path string, write func(io.Writer) error) error {
	if path == "" || path == "-" {
		return session.Buffered(&report.Escaper{W: stdout}, write)
	}
	return session.WriteFile(path, write)
}
