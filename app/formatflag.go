package app

import (
	"errors"
	"slices"
	"strings"

	"github.com/spf13/cobra"
)

// formatFlag is a flag that takes one of the known formats.
type formatFlag struct {
	format *format
	known  []string
}

// addFormat adds --format to a command; the format it has is the default.
func addFormat(cmd *cobra.Command, f *format, usage string, known ...format) {
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
	*f.format = format(name)
	return nil
}
