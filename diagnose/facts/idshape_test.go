package facts

import (
	"bufio"
	"math/rand/v2"
	"os"
	"strings"
	"testing"
)

func TestTmpCorpus(t *testing.T) {
	f, err := os.Open("/tmp/idents.txt")
	if err != nil {
		t.Skip()
	}
	n, bad := 0, []string{}
	s := bufio.NewScanner(f)
	for s.Scan() {
		n++
		if isMixedID(s.Text()) || isDashedID(s.Text()) {
			bad = append(bad, s.Text())
		}
	}
	t.Logf("%d identifiers, %d taken for ids:\n%s", n, len(bad), strings.Join(bad[:min(len(bad), 400)], " "))
}

func TestTmpRecall(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	gen := func(alphabet string, n int) string {
		b := make([]byte, n)
		for i := range b {
			b[i] = alphabet[r.IntN(len(alphabet))]
		}
		return string(b)
	}
	const (
		lo = "abcdefghijklmnopqrstuvwxyz"
		up = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
		dg = "0123456789"
	)
	for _, k := range []struct {
		name, alphabet string
		n              int
	}{{"base62", lo + up + dg, 6}, {"base62", lo + up + dg, 8}, {"base62", lo + up + dg, 11}, {"base62", lo + up + dg, 14}, {"nanoid", lo + up + dg + "-_", 10}, {"nanoid", lo + up + dg + "-_", 21},
		{"ksuid", lo + up + dg, 27}, {"base36", lo + dg, 5}, {"base36", lo + dg, 6}, {"base36", lo + dg, 8}, {"base36", lo + dg, 10}, {"base36up", up + dg, 6}, {"base36up", up + dg, 8}, {"base36up", up + dg, 10}, {"crockford", "0123456789abcdefghjkmnpqrstvwxyz", 26},
		{"hex", "0123456789abcdef", 6}, {"hex", "0123456789abcdef", 7}, {"hex", "0123456789abcdef", 8}, {"hex", "0123456789abcdef", 12}, {"hex", "0123456789abcdef", 24}, {"hex", "0123456789abcdef", 40}, {"cuid", lo + dg, 24}} {
		hit := 0
		var miss []string
		for range 1000 {
			id := gen(k.alphabet, k.n)
			if partPattern(id) != id {
				hit++
			} else {
				miss = append(miss, id)
			}
		}
		t.Logf("%s %d: %.1f %% %v", k.name, k.n, float64(hit)/10, miss[:min(len(miss), 6)])
	}
}

func TestTmpWords(t *testing.T) {
	b, _ := os.ReadFile("/tmp/words.txt")
	for _, w := range strings.Fields(string(b)) {
		if partPattern(w) != w {
			t.Logf("%s -> %s", w, partPattern(w))
		}
	}
}
