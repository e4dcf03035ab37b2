package recording

import (
	"fmt"
	"slices"

	"tracefall/diagnose/facts"
	"tracefall/diagnose/rule"
	"tracefall/sources/trace"
)

// topic is one destination of messages, with its ends that hang together with nothing.
type topic struct {
	sent []rule.Place // nothing below them or linked to them processed the message
	read []rule.Place // traces that begin with a consumer and name no sender
}

// message takes in a span that sent or processed a message, if it stands alone.
func (l *lost) message(f *facts.Facts, i int) {
	name := f.Op(i).Template
	if name == "" {
		return
	}
	t, s := l.topics.Of(name), f.Trace.Span(i)
	switch {
	case f.Kind(i) == trace.KindProducer && !f.Failed(i) && !rule.Any(f.Children(i), func(c int) bool { return f.Kind(c) == trace.KindConsumer }):
		t.sent = append(t.sent, rule.Place{Facts: f, Span: i})
	case f.Kind(i) == trace.KindConsumer && f.Trace.Parent(i) < f.Trace.First() && len(s.Links()) == 0:
		t.read = append(t.read, rule.Place{Facts: f, Span: i})
	}
}

// reportTopics reports destinations of which both ends are in the file and nothing ties them together.
func (l *lost) reportTopics() {
	for name, t := range l.topics.All() {
		sent := slices.DeleteFunc(t.sent, func(at rule.Place) bool { return l.pointed[spanKey{at.Trace.ID(), at.Data().ID()}] })
		if len(sent) == 0 || len(t.read) == 0 || !before(sent, t.read) {
			continue
		}
		first := sent[0]
		f := rule.Finding{
			Kind: contextLoss(first.Data().Service(), name), Placed: true,
			Message: fmt.Sprintf("%s from %s to %s %s no consumer span in the same trace, and %s of %s %s without a link.",
				rule.Calls(len(sent), "message"), rule.Named(first.Data().Service()), rule.Quoted(name), rule.Verb(len(sent), "has", "have"),
				rule.Calls(len(t.read), "consumer span"), rule.Named(t.read[0].Data().Service()),
				rule.Verb(len(t.read), "starts a new trace", "start new traces")),
			Evidence:   append(rule.EvidenceOf(rule.RoleParent, sent...), rule.EvidenceOf(rule.RoleOffender, t.read...)...),
			Numbers:    rule.Numbers{Count: len(sent)},
			Checks:     []rule.Check{{Name: "as many consumer as producer spans", Passed: len(sent) == len(t.read)}},
			Confidence: 0.4,
			Risk:       0.2,
			Cap:        new(rule.Low),
			Limits:     []string{"cannot tell which message belongs to which trace"},
		}
		f.Gain(0.15)
		if f.Confidence >= rule.Certain {
			f.Kind = "trace context not propagated through " + rule.Quoted(name)
		}
		l.p.Report(first, "topic "+name, f)
	}
}

// before reports whether a message was sent before another was processed: else the two have nothing to do with each
// other.
func before(sent, read []rule.Place) bool {
	return sent[0].Data().Start() <= read[len(read)-1].Data().Start()
}
