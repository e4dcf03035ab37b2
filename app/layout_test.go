package app

import "testing"

// TestArrange checks at every size that the parts do not overlap, lie inside the terminal and fill it.
func TestArrange(t *testing.T) {
	for w := range 220 {
		for h := range 70 {
			for _, detail := range []bool{false, true} {
				has := parts{head: w%3 == 0, tabs: w%3 < 2, query: w%4 < 2, detail: detail, note: h%4 == 1}
				l := arrange(w, h, has)
				if story := h / 3; h%5 == 0 {
					l = arrange(w, h-story, has).below(w, story)
				}
				cells := 0
				for name, r := range map[string]rect{"head": l.head, "tabs": l.tabs, "query": l.query, "main": l.main, "detail": l.detail, "divider": l.divider, "note": l.note, "status": l.status, "story": l.story} {
					if r.w < 0 || r.h < 0 || r.x < 0 || r.y < 0 || r.x+r.w > w || r.y+r.h > h {
						t.Fatalf("%d×%d: %s %+v lies outside", w, h, name, r)
					}
					cells += r.w * r.h
				}
				if cells != w*h {
					t.Fatalf("%d×%d: the parts have %d cells, want %d: %+v", w, h, cells, w*h, l)
				}
			}
		}
	}
	if l := arrange(80, 24, parts{head: true, tabs: true, detail: true}); l.main.h < 11 || l.detail.h < 8 || l.detail.y <= l.main.y {
		t.Errorf("80×24 with detail: %+v", l)
	}
	if l := arrange(160, 40, parts{head: true, tabs: true, detail: true}); l.main.w < 80 || l.detail.x <= l.main.x || l.detail.h != 37 || l.main.y != 2 {
		t.Errorf("160×40 with detail: %+v", l)
	}
}
