// Tracefall is a terminal explorer for distributed traces.
package main

import (
	"context"
	"embed"
	"io"
	"io/fs"
	"log"
	"os"

	"tracefall/app/cli"
	"tracefall/app/session"
)

//go:embed testdata/demo
var demo embed.FS

func main() {
	log.SetOutput(io.Discard) // what net/http writes there of a strange server would stand on the screen
	incidents, err := fs.Sub(demo, "testdata/demo")
	if err != nil {
		panic(err) // the path is right or nothing was built
	}
	os.Exit(cli.Run(context.Background(), session.World{
		Args: os.Args[1:], Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr,
		Env: os.Getenv, Environ: os.Environ(), Demo: incidents,
	}))
}
