package app

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tracefall/sources"
	"tracefall/sources/trace"
	"tracefall/sources/tracetest"
	"tracefall/views"
)

const mixedIDs = `[{"traceId":"0af7651916cd43dd8448eb211c80319c","id":"1","name":"get","timestamp":1772460131000000,"duration":100000,"localEndpoint":{"serviceName":"gw"}},
{"traceId":"8448eb211c80319c","id":"3","parentId":"1","name":"get","timestamp":1772460131020000,"duration":60000,"localEndpoint":{"serviceName":"old"}},
{"traceId":"5","id":"3","name":"other","timestamp":1772460131020000,"duration":60000,"localEndpoint":{"serviceName":"old"}}]`

// TestJoinIDsInTheExplorer joins traces of ids of two lengths and keeps them apart again, and copies the command that
// opens what is on the screen.
func TestJoinIDsInTheExplorer(t *testing.T) {
	path := filepath.Join(t.TempDir(), "mixed.json")
	if err := os.WriteFile(path, []byte(mixedIDs), 0o600); err != nil {
		t.Fatal(err)
	}
	result, err := sources.Open(t.Context(), []string{path}, sources.Options{})
	if err != nil {
		t.Fatal(err)
	}
	m := testModel(t, result.Set)
	m.inputs = []string{path}
	mustShow(t, m, "3 traces")
	press(t, m, "D")
	mustShow(t, m, "--join-ids joins them")
	for range 2 {
		settle(m, m.command(views.JoinIDs))
		mustShow(t, m, ", joined")
		if got := m.sharing.reopening().Command(); m.set.Len() != 2 || got != "tracefall --join-ids "+path+" --view diagnostics" {
			t.Errorf("%d traces, reopened by %s", m.set.Len(), got)
		}
		settle(m, m.command(views.JoinIDs))
		if got := m.sharing.reopening().Command(); m.set.Len() != 3 || got != "tracefall "+path+" --view diagnostics" {
			t.Errorf("%d traces, reopened by %s", m.set.Len(), got)
		}
	}
	m.inputs = []string{"-"}
	if got := m.can(views.JoinIDs); got != "standard input cannot be read again: start with --join-ids" {
		t.Errorf("from standard input: %s", got)
	}
}

func TestNothingToJoin(t *testing.T) {
	m := testModel(t, tracetest.Set(t, shop))
	if got := m.can(views.JoinIDs); got != "no traces share their lower 64 id bits" {
		t.Error(got)
	}
}

// TestWhatTheBackendSaidIsShown looks for a partial answer in the list, the waterfall and the import report.
func TestWhatTheBackendSaidIsShown(t *testing.T) {
	path := filepath.Join(t.TempDir(), "partial.json")
	const span = `{"traceID":"%","spans":[{"traceID":"%","spanID":"1","operationName":"get","startTime":1772460131000000,"duration":1000,"processID":"p1","warnings":["clock skew"]}],"processes":{"p1":{"serviceName":"shop"}}}`
	text := `{"data":[` + strings.ReplaceAll(span, "%", "a") + `,` + strings.ReplaceAll(span, "%", "b") + `],"errors":[{"code":500,"msg":"shard failed"}]}`
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	result, err := sources.Open(t.Context(), []string{path}, sources.Options{})
	if err != nil {
		t.Fatal(err)
	}
	m := testModel(t, result.Set)
	mustShow(t, m, "△ PARTIAL", "backend: partial trace")
	press(t, m, "enter")
	mustShow(t, m, "△ PARTIAL", "backend warning")
	press(t, m, "x", "enter")
	mustShow(t, m, "Backend warning: clock skew")
	press(t, m, "esc", "D")
	mustShow(t, m, "partial response: Jaeger says: shard failed", "2 spans with a warning of the tracing backend")
	if result.Set.Trace(0).Span(0).Attrs().Get(trace.WarningsKey).Type() != trace.TypeNone {
		t.Error("the warning is an attribute")
	}
}
