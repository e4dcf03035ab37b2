package normalize

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestParseRow(t *testing.T) {
	tests := []struct {
		text string
		want RowAccess
		ok   bool
	}{
		{"SELECT quantity FROM stock WHERE product_id = 'SKU-4711'", RowAccess{Table: "stock", Row: "product_id=SKU-4711", Columns: []string{"quantity"}}, true},
		{"UPDATE stock SET quantity = 0 WHERE product_id = 'SKU-4711'", RowAccess{Table: "stock", Row: "product_id=SKU-4711", Columns: []string{"quantity"}}, true},
		{"UPDATE stock SET quantity = -5, note = 'a, b' WHERE s.id = -7 AND shop = 3", RowAccess{Table: "stock", Row: "id=-7 AND shop=3", Columns: []string{"quantity", "note"}}, true},
		{"UPDATE stock SET quantity = quantity - 1 WHERE id = 7", RowAccess{Table: "stock", Row: "id=7", Columns: []string{"quantity"}, Relative: true}, true},
		{"UPDATE stock SET quantity = COALESCE(quantity, 0) + 1 WHERE id = 7", RowAccess{Table: "stock", Row: "id=7", Columns: []string{"quantity"}, Relative: true}, true},
		{"UPDATE stock SET quantity = 3 WHERE id = 7 AND version = 4", RowAccess{Table: "stock", Row: "id=7 AND version=4", Columns: []string{"quantity"}}, true},
		{"UPDATE stock SET quantity = 3 WHERE id = 7 AND quantity >= 4", RowAccess{Table: "stock", Row: "id=7", Columns: []string{"quantity"}, Guarded: true}, true},
		{"SELECT * FROM stock WHERE (id = 7) LIMIT 1 /* hint */", RowAccess{Table: "stock", Row: "id=7", Columns: []string{"*"}}, true},
		{"SELECT q FROM stock WHERE id = ?", RowAccess{}, false},
		{"SELECT q FROM stock WHERE id = $1", RowAccess{}, false},
		{"SELECT q FROM stock WHERE id = 1 OR id = 2", RowAccess{}, false},
		{"SELECT q FROM stock WHERE id IN (1, 2)", RowAccess{}, false},
		{"SELECT q FROM stock, shop WHERE id = 1", RowAccess{}, false},
		{"SELECT q FROM stock", RowAccess{}, false},
		{"SELECT q FROM stock WHERE id = 'cut", RowAccess{}, false},
		{"DELETE FROM stock WHERE id = 1", RowAccess{}, false},
		{"UPDATE stock SET WHERE", RowAccess{}, false},
		{"UPDATE stock SET q = 1 WHERE id =", RowAccess{}, false},
		{"", RowAccess{}, false},
	}
	for _, tt := range tests {
		got, ok := ParseRow(tt.text, "postgresql")
		if ok != tt.ok {
			t.Errorf("parseRow(%q): ok = %v, want %v", tt.text, ok, tt.ok)
		} else if diff := cmp.Diff(tt.want, got); ok && diff != "" {
			t.Errorf("parseRow(%q) (-want +got):\n%s", tt.text, diff)
		}
	}
}

func FuzzParseRow(f *testing.F) {
	f.Add("UPDATE a SET b = -1 WHERE c = 'd' -- e", "postgresql")
	f.Add("SELECT * FROM `a` WHERE b.c = \"d\" # e", "mysql")
	f.Fuzz(func(t *testing.T, text, system string) {
		row, ok := ParseRow(text, system)
		if ok && (row.Table == "" || row.Row == "") {
			t.Errorf("parseRow(%q) = %+v, without a table or a row", text, row)
		}
	})
}
