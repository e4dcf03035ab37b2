package diagnose

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"tracefall/sources/tracetest"
)

// TestSensitiveValuesAreNeverTold: no word of any finding holds a secret that the trace holds.
func TestSensitiveValuesAreNeverTold(t *testing.T) {
	secrets := []string{"hunter2secret", "4111 1111 1111 1111", "correct horse battery", "eyJhbGciOiJub25lIn0.eyJzdWIiOiJub2JvZHkifQ.c2ln", "f00ba4f00ba4"}
	set := tracetest.Set(t, `
api "POST /pay" 0ms +900ms kind=server payment.card="4111 1111 1111 1111" error="refused: password=hunter2secret"
  api UPDATE 4ms +9ms kind=client db.system=postgresql db.statement="UPDATE accounts SET password = 'correct horse battery'"
  api SELECT 20ms +800ms kind=client db.system=postgresql db.statement="SELECT id FROM accounts WHERE password = 'correct horse battery'"
  api GET 820ms +9ms repeat=4 kind=client http.request.method=GET url.full="http://auth:8080/check?access_token=f00ba4f00ba4"
    event sent 821ms http.request.header.authorization="Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJub2JvZHkifQ.c2ln"
`)
	r, err := Run(context.Background(), set, Options{})
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for i := range r.Findings {
		f := r.Findings[i]
		if f.Detector == "sensitive-data" {
			found++
		}
		f.Trace, f.Evidence = nil, nil
		told := fmt.Sprintf("%+v", f)
		for _, s := range secrets {
			if strings.Contains(told, s) {
				t.Errorf("%s tells %s: %s", f.Detector, s, told)
			}
		}
	}
	if found != len(secrets) {
		t.Errorf("%d findings of %d secrets: %s", found, len(secrets), describeAll(r))
	}
}
