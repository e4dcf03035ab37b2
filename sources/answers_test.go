package sources

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestAnswersOfAnyDepth opens answers that are nested a hundred thousand deep: they are refused, with one line.
func TestAnswersOfAnyDepth(t *testing.T) {
	const depth = 100_000
	for name, text := range map[string]string{
		"hits":       strings.Repeat(`{"hits":{"hits":[`, depth) + "{}" + strings.Repeat("]}}", depth),
		"inner hits": `{"hits":{"hits":[` + strings.Repeat(`{"inner_hits":{"a":{"hits":{"hits":[`, depth) + "{}" + strings.Repeat("]}}}}", depth) + "]}}",
		"error":      strings.Repeat(`{"error":`, depth) + `"x"` + strings.Repeat("}", depth),
		"data":       strings.Repeat(`{"data":`, depth) + `"x"` + strings.Repeat("}", depth),
		"references": `[{"traceID":"1","spanID":"1","operationName":"a","startTime":1772460131000000,"duration":1,"references":{"spanID":` +
			strings.Repeat("[", depth) + strings.Repeat("]", depth) + `}}`, // cut short as well
	} {
		path := filepath.Join(t.TempDir(), "deep.json")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		result, err := Open(context.Background(), []string{path}, Options{})
		if err == nil {
			_ = result.Set.Close() // the input is no longer needed
			if name != "references" {
				t.Errorf("%s: opened", name)
			}
			continue
		}
		if strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
