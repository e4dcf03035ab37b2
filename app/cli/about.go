package cli

import (
	_ "embed"
	"fmt"
	"runtime"

	"github.com/spf13/cobra"

	"tracefall/app/session"
)

func newVersion(w *session.World) *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print the version",
		Args:  noArguments("version"),
		RunE:  func(*cobra.Command, []string) error { return printVersion(w) },
	}
}

// printVersion prints the version on a line.
func printVersion(w *session.World) error {
	_, err := fmt.Fprintf(w.Stdout, "tracefall %s\n", version())
	return err
}

// version is the version, and what the program was built with and for.
func version() string {
	return fmt.Sprintf("%s (%s, %s/%s)", session.Version(), runtime.Version(), runtime.GOOS, runtime.GOARCH)
}

// manual is the manual page, which its test makes of the commands when it is told to.
//
//go:embed tracefall.1
var manual []byte

func newMan(w *session.World) *cobra.Command {
	return &cobra.Command{
		Use:   "man",
		Short: "Print the manual page",
		Args:  noArguments("man"),
		RunE: func(*cobra.Command, []string) error {
			_, err := w.Stdout.Write(manual)
			return err
		},
	}
}
