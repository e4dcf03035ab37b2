package incidents

import (
	"fmt"
	"strings"
	"testing"

	"tracefall/diagnose/rule"
	"tracefall/views"
	"tracefall/views/viewstest"
)

// some are n incidents.
func some(n int) *Incidents {
	var list []Incident
	for i := range n {
		list = append(list, Incident{Name: fmt.Sprint("incident-", i+1), Title: fmt.Sprintf("Incident number %d stops the shop", i+1), Story: []string{
			"POST /api/checkout usually takes 90 ms; some requests took 5 s and most of those failed.", "One call too many.",
		}[:1+i%2]})
	}
	s := New(list)
	s.SetFindings(found)
	return s
}

// found is what the detectors found in every incident but the third.
func found(name string) *rule.Finding {
	f := &rule.Finding{Title: "retry storm ×5", Where: "payment-service POST /charge", WhereService: "payment-service", Severity: rule.Critical}
	switch name {
	case "incident-1":
		f = &rule.Finding{Title: "trace context not propagated to payment-service", Where: "storefront GET /checkout/payment", WhereService: "storefront", Severity: rule.Medium}
	case "incident-2":
		f.Numbers = rule.Numbers{Avoidable: 245e6, Critical: 1e9, CriticalShare: 1}
	case "incident-3":
		return nil
	default:
		f.Numbers = rule.Numbers{Avoidable: 4.01e9, Critical: 5e9, CriticalShare: 1}
	}
	return f
}

func TestIncidentFrames(t *testing.T) {
	s := some(20)
	viewstest.Do(s, views.Down)
	viewstest.CheckFrames(t, "incidents", s, viewstest.Env(t))
}

// TestFindingsComeLater lists incidents before the detectors are through: the columns of what they say are not there.
func TestFindingsComeLater(t *testing.T) {
	env := viewstest.Env(t)
	s := New(some(3).list[2:])
	if got := viewstest.Frame(s, env, 120, 24).Plain(); strings.Contains(got, "FINDING") || strings.Contains(got, "COST") || !strings.Contains(got, "INCIDENT") {
		t.Errorf("nothing is known yet:\n%s", got)
	}
	s.SetFindings(func(string) *rule.Finding { return found("incident-2") })
	if got := viewstest.Frame(s, env, 120, 24).Plain(); !strings.Contains(got, "▲ retry storm ×5  payment-service POST /charge  245.0 ms") {
		t.Errorf("the finding is not there:\n%s", got)
	}
}

// TestIncidentsGiveRoomToTitles draws narrower and narrower: the place goes, the finding is cut, the numbers go, and titles are
// whole as long as there is anything else to cut.
func TestIncidentsGiveRoomToTitles(t *testing.T) {
	s := some(3)
	for _, c := range []struct {
		width int
		want  string
	}{
		{140, "INCIDENT                          FINDING                                            WHERE                                 COST  SHARE"},
		{110, "INCIDENT                          FINDING                                                COST  SHARE"},
		{80, "INCIDENT                          FINDING                         COST  SHARE"},
		{66, "INCIDENT                          FINDING"},
	} {
		head, _, _ := strings.Cut(viewstest.Frame(s, viewstest.Env(t), c.width, 24).Plain(), "\n")
		if got := strings.TrimSpace(head); got != c.want {
			t.Errorf("%d columns: the head is\n%s\nwant\n%s", c.width, got, c.want)
		}
		if got := viewstest.Frame(s, viewstest.Env(t), c.width, 24).Plain(); !strings.Contains(got, "Incident number 2 stops the shop") {
			t.Errorf("%d columns: a title is cut:\n%s", c.width, got)
		}
	}
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
