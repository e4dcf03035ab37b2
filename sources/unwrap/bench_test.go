package unwrap

import (
	"io"
	"strings"
	"testing"
)

// BenchmarkDocuments takes documents of about a kilobyte out of Docker's records and from behind prefixes.
func BenchmarkDocuments(b *testing.B) {
	attribute := `{\"key\":\"http.request.method\",\"value\":{\"stringValue\":\"GET\"}},`
	record := `{"log":"{\"resourceSpans\":[{\"a\":[` + strings.Repeat(attribute, 15) + `{}]}]}\n","stream":"stdout","time":"2026-01-01T00:00:00Z"}` + "\n"
	line := "api-1  | " + strings.ReplaceAll(record[len(`{"log":"`):strings.Index(record, `\n"`)], `\"`, `"`) + "\n"
	for name, text := range map[string]string{"Docker": record, "Compose": line} {
		b.Run(name, func(b *testing.B) {
			log := []byte(strings.Repeat(text, 4000))
			b.SetBytes(int64(len(log)))
			b.ReportAllocs()
			for b.Loop() {
				found, err := Documents(io.Discard, log, func(int) error { return nil })
				if err != nil || found.Documents != 4000 {
					b.Fatalf("%+v, %v", found, err)
				}
			}
		})
	}
}
