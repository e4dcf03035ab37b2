package population_test

import (
	"math/rand/v2"
	"path/filepath"
	"testing"

	"tracefall/diagnose/compare/comparetest"
	"tracefall/diagnose/compare/population"
	"tracefall/diagnose/factstest"
	"tracefall/sources/tracetest"
)

// TestCulpritsByChanceInRealTraces: halves of real traces of one load, drawn by chance, blame nobody.
func TestCulpritsByChanceInRealTraces(t *testing.T) {
	if testing.Short() {
		t.Skip("many runs")
	}
	const rounds = 12
	found, all := 0, 0
	for _, corpus := range corpora {
		list := factstest.Of(comparetest.Open(t, filepath.Join(tracetest.Corpus(t), corpus.name)))
		list = list[:min(len(list), corpus.most)]
		r := rand.New(rand.NewPCG(uint64(len(list)), 5))
		for range rounds {
			r.Shuffle(len(list), func(i, k int) { list[i], list[k] = list[k], list[i] })
			all++
			if c := sets(t, list[:len(list)/2], list[len(list)/2:], population.Options{}); len(c.Culprits) > 0 {
				found++
				t.Logf("%s: %s: %s", corpus.name, c.Culprits[0].Service, c.Culprits[0].Message)
			}
		}
	}
	if 100*found > 5*all {
		t.Errorf("somebody is blamed by chance in %d of %d", found, all)
	}
}
