package rule

import "fmt"

// Thresholds are the numbers at which detectors fire: for each detector, in the order of the registry, a pointer to
// its own. Their tags name unit and source; the command line lists them and the configuration overrides them, by
// detector and name.
type Thresholds []any

// ThresholdsOf returns those of a type, each of which belongs to one detector. That there are none is a mistake of the
// registry.
func ThresholdsOf[T any](p interface{ gates() Thresholds }) *T {
	for _, each := range p.gates() {
		if own, ok := each.(*T); ok {
			return own
		}
	}
	panic(fmt.Sprintf("no thresholds %T", *new(T)))
}

func (all Thresholds) gates() Thresholds { return all }
