//go:build unix

// Servers builds the servers that the tests beside it start and ask: Jaeger and VictoriaLogs, each from a module of its
// own, in the folder of its name, so that the program depends on nothing of theirs.
//
//	go run ./testdata/servers               build what is missing in the cache
//	go test -count=1 ./testdata/servers     ask them
//
// A server is built once for each version that its go.mod names, and kept in tracefall-ci below the user's cache. The
// first build of Jaeger downloads 670 MB of modules and takes some ten minutes on two cores. A build that takes longer
// than -timeout is stopped and is no failure: what was compiled until then is kept, and the tests skip.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"syscall"
	"time"
)

// server is a program that is built from the module proxy.
type server struct {
	name   string // of the program, and of the folder with its go.mod
	module string // whose version it has
	main   string // the package to build
}

var (
	jaeger       = server{"jaeger", "github.com/jaegertracing/jaeger", "github.com/jaegertracing/jaeger/cmd/jaeger"}
	victoriaLogs = server{"victorialogs", "github.com/VictoriaMetrics/VictoriaLogs", "github.com/VictoriaMetrics/VictoriaLogs/app/victoria-logs"}
)

func main() {
	timeout := flag.Duration("timeout", 12*time.Minute, "stop building after this `DURATION`")
	flag.Parse()
	ctx, cancel := context.WithTimeout(context.Background(), *timeout)
	defer cancel()
	for _, s := range []server{victoriaLogs, jaeger} { // the small one first, as they share the time
		start := time.Now()
		path, built, err := s.build(ctx, filepath.Join("testdata", "servers"))
		switch {
		case ctx.Err() != nil:
			fmt.Printf("NOT RUN: every test that asks a real %s, as building it took more than %v\n", s.name, *timeout)
		case err != nil:
			fmt.Fprintf(os.Stderr, "servers: %s: %v\n", s.name, err)
			os.Exit(1)
		case built:
			fmt.Printf("%s, built in %v\n", path, time.Since(start).Round(time.Second))
		default:
			fmt.Println(path)
		}
	}
}

// path is where the server lies once it is built. Dir is the folder of this package.
func (s server) path(dir string) (string, error) {
	text, err := os.ReadFile(filepath.Join(dir, s.name, "go.mod"))
	if err != nil {
		return "", err
	}
	version := regexp.MustCompile(`(?m)^\s+` + regexp.QuoteMeta(s.module) + ` (v\S+)`).FindSubmatch(text)
	if version == nil {
		return "", fmt.Errorf("%s/go.mod requires no %s", s.name, s.module)
	}
	cache := os.Getenv("XDG_CACHE_HOME")
	if cache == "" {
		home, err := os.UserHomeDir()
		if err != nil {
			return "", err
		}
		cache = filepath.Join(home, ".cache")
	}
	return filepath.Join(cache, "tracefall-ci", s.name+"-"+string(version[1]), s.name), nil
}

// build builds the server unless that was done before, and reports where it lies and whether it was built now.
func (s server) build(ctx context.Context, dir string) (path string, built bool, err error) {
	path, err = s.path(dir)
	if err != nil {
		return "", false, err
	}
	if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
		return path, false, err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return path, false, err
	}
	unfinished := fmt.Sprintf("%s.%d", path, os.Getpid())
	defer os.Remove(unfinished) // of a build that was stopped or failed
	cmd := exec.CommandContext(ctx, "go", "build", "-C", filepath.Join(dir, s.name), "-trimpath", "-ldflags", "-s -w", "-o", unfinished, s.main)
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	cmd.Stdout, cmd.Stderr = os.Stderr, os.Stderr
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) } // compilers too
	if err := cmd.Run(); err != nil {
		return path, false, err
	}
	return path, true, os.Rename(unfinished, path)
}
