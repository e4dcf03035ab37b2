// Command big writes large, plausible trace files for speed tests:
//
//	go run -C testdata/gen ./big -spans 1000000 -shape many -o /tmp/big.jsonl
//
// Spans are about 900 to 1000 bytes of OTLP JSON with eight or nine attributes.
// The same flags give the same bytes. It writes text itself, because a million
// spans through the SDK take minutes; a test holds the text against pdata.
//
//	shape (one trace at a time) ── vocabulary (attributes) ── otlp | jaeger | proto
package main

import (
	"bufio"
	"flag"
	"fmt"
	"io"
	"os"
)

// options are the command line.
type options struct {
	spans  int
	shape  string
	format string
	seed   uint64
}

func main() {
	var o options
	var out string
	flag.IntVar(&o.spans, "spans", 1_000_000, "number of `spans`")
	flag.StringVar(&o.shape, "shape", "many", "many: traces of 10 to 50 spans; one: a single trace; deep: a chain; wide: one parent with all others as children")
	flag.StringVar(&o.format, "format", "otlp", "otlp: JSON lines; jaeger: one JSON document; proto: length-prefixed protobuf records")
	flag.Uint64Var(&o.seed, "seed", 1, "seed of ids and values")
	flag.StringVar(&out, "o", "", "`file` to write (default: standard output)")
	flag.Parse()
	if err := toFile(o, out); err != nil {
		fmt.Fprintln(os.Stderr, "big:", err)
		os.Exit(1)
	}
}

func toFile(o options, name string) error {
	f := os.Stdout
	if name != "" {
		var err error
		if f, err = os.Create(name); err != nil {
			return err
		}
	}
	w := bufio.NewWriterSize(f, 1<<20)
	if err := write(w, o); err != nil {
		return err
	}
	if err := w.Flush(); err != nil {
		return err
	}
	return f.Close()
}

// sink takes whole traces and writes them in one format.
type sink interface {
	trace(spans []span) error
	close() error
}

// write produces the file that o asks for.
func write(w io.Writer, o options) error {
	if o.spans < 1 {
		return fmt.Errorf("-spans %d: expected at least 1", o.spans)
	}
	var s sink
	switch o.format {
	case "otlp":
		s = newBatches(&otlpBatch{w: w})
	case "proto":
		s = newBatches(&protoBatch{w: w})
	case "jaeger":
		s = &jaegerFile{w: w}
	default:
		return fmt.Errorf("-format %q: expected otlp, jaeger or proto", o.format)
	}
	g := newShaper(o.seed)
	for left := o.spans; left > 0; {
		var spans []span
		switch o.shape {
		case "many":
			spans = g.tree(min(left, 10+g.rng.IntN(41)), int64(20e6+g.rng.IntN(480e6)))
			g.clock += int64(g.rng.IntN(40e6))
		case "one":
			spans = g.tree(left, int64(left)*1e6)
		case "deep":
			spans = g.chain(left)
		case "wide":
			spans = g.fan(left)
		default:
			return fmt.Errorf("-shape %q: expected many, one, deep or wide", o.shape)
		}
		left -= len(spans)
		if err := s.trace(spans); err != nil {
			return err
		}
	}
	return s.close()
}
