package app

import (
	"slices"
	"testing"

	"tracefall/sources/tracetest"
	"tracefall/views/waterfall"
)

func TestReopening(t *testing.T) {
	tr := tracetest.One(t, `
		trace 4bf92f3577b34da6a3ce929d0e0e4736
		gw checkout 0ms +5s id=a1
		  db read 1ms +2ms id=a2
		    db disk 1ms +1ms id=a3
	`)
	for _, c := range []struct {
		r    reopening
		want string
	}{
		{reopening{inputs: []string{"a.json", "it's here.json"}, span: -1, view: "list"},
			`tracefall a.json 'it'\''s here.json' --view list`},
		{reopening{inputs: []string{"-x"}, trace: tr, span: 2, folds: []int{0, 1}, where: "duration>1s error=true"},
			`tracefall ./-x --where 'duration>1s error=true' --trace 4bf92f3577b34da6a3ce929d0e0e4736 --span 00000000000000a3 --fold 00000000000000a1,00000000000000a2`},
		{reopening{inputs: []string{"a"}, span: 1, trace: tr, found: "n-plus-one", time: "relative",
			look: look{waterfall.Look{PathOnly: true, Clocks: true, From: -5, To: 1_500_000_000}, true}},
			"tracefall a --trace 4bf92f3577b34da6a3ce929d0e0e4736 --span 00000000000000a2 --draw path-only,clocks,matches --zoom -5ns..1.5s --finding n-plus-one --time relative"},
		{reopening{span: -1, trace: tr}, "tracefall --trace 4bf92f3577b34da6a3ce929d0e0e4736"},
	} {
		if got := c.r.command(); got != c.want {
			t.Errorf("got  %s\nwant %s", got, c.want)
		}
	}
	spans, depth := foldFlag("00000000000000a2, a1,ffff", tr)
	if !slices.Equal(spans, []int{0, 1}) || depth != -1 {
		t.Errorf("folds %v, depth %d; want [0 1], -1", spans, depth)
	}
	if spans, depth := foldFlag("2", tr); spans != nil || depth != 2 {
		t.Errorf("folds %v, depth %d; want none, 2", spans, depth)
	}
}

func TestLookFlags(t *testing.T) {
	for _, l := range []look{
		{},
		{waterfall.Look{Path: true, Groups: true, Gaps: true, From: -5, To: 1_234_567_891}, false},
		{waterfall.Look{PathOnly: true, Clocks: true, From: 10, To: 3_600_000_000_000}, true},
	} {
		if got, err := lookFlags(l.words()); err != nil || got != l {
			t.Errorf("read %+v (%v), want %+v", got, err, l)
		}
	}
	for _, bad := range [][2]string{{"path,moon", ""}, {"", "1s"}, {"", "2s..1s"}, {"", "1..2"}, {"", "1s.."}} {
		if _, err := lookFlags(bad[0], bad[1]); err == nil {
			t.Errorf("--draw %q --zoom %q is taken", bad[0], bad[1])
		}
	}
}
