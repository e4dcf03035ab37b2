package facts

import (
	"cmp"
	"slices"

	"tracefall/diagnose/clocks"
	"tracefall/sources/trace"
)

// PathService is for how long the critical path runs through a service.
type PathService struct {
	Span int   // one of the service
	Time int64 // ns
}

// PathServices lists the services that the critical path runs through, the longest time first. Their sum is the whole path.
func (f *Facts) PathServices() []PathService { return f.onPath }

func (f *Facts) pathServices() []PathService {
	at := map[trace.Symbol]int{}
	var list []PathService
	for i := f.Trace.First(); i < f.Trace.Len(); i++ {
		time := f.Path.Time(i)
		if time == 0 {
			continue
		}
		service := f.Trace.Span(i).ServiceSymbol()
		n, ok := at[service]
		if !ok {
			n, at[service] = len(list), len(list)
			list = append(list, PathService{Span: i})
		}
		list[n].Time = clocks.Add(list[n].Time, time)
	}
	slices.SortStableFunc(list, func(a, b PathService) int { return cmp.Compare(b.Time, a.Time) })
	return list
}
