package incidents

import (
	"fmt"
	"testing"

	"tracefall/views"
	"tracefall/views/viewstest"
)

// some are n incidents.
func some(n int) *Incidents {
	var list []Incident
	for i := range n {
		list = append(list, Incident{fmt.Sprint("incident-", i+1), fmt.Sprintf("Incident number %d stops the shop", i+1), []string{
			"POST /api/checkout usually takes 90 ms; some requests took 5 s and most of those failed.", "One call too many.",
		}[:1+i%2]})
	}
	return New(list)
}

func TestIncidentFrames(t *testing.T) {
	s := some(20)
	viewstest.Do(s, views.Down)
	viewstest.CheckFrames(t, "incidents", s, viewstest.Env(t))
}

func TestIncidentsOpen(t *testing.T) {
	s := some(3)
	viewstest.Frame(s, viewstest.Env(t), 80, 24)
	viewstest.Do(s, views.Down, views.Down, views.Down)
	if got := viewstest.Act(s, views.Enter); got != (views.OpenStory{Name: "incident-3"}) {
		t.Errorf("enter on the last gives %#v", got)
	}
	if got := s.Mouse(views.Mouse{X: 5, Y: 2, Double: true}); got != (views.OpenStory{Name: "incident-2"}) {
		t.Errorf("a double click on the second gives %#v", got)
	}
	if got := viewstest.Why(some(0), views.Enter); got == "" {
		t.Error("none can be opened")
	}
}

func TestIncidentsTakeAnything(t *testing.T) {
	viewstest.CheckAnything(t, viewstest.Env(t), 3, 300, func() views.Screen { return some(20) }, nil)
}
