package normalize

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestParseSQL(t *testing.T) {
	tests := []struct {
		text, system string
		want         string
		verb         string
		tables       string
		flags        StatementFlags
	}{
		{text: "SELECT * FROM likes WHERE post_id = 1", want: "SELECT * FROM likes WHERE post_id = ?", verb: "SELECT", tables: "likes", flags: SQLLiteral | SQLWhere | SQLStar},
		{text: "select *\n from likes where post_id=50 ;", want: "SELECT * FROM likes WHERE post_id = ?", verb: "SELECT", tables: "likes", flags: SQLLiteral | SQLWhere | SQLStar},
		{text: "SELECT a FROM t WHERE n = 'it''s' AND m='a\\'b'", want: "SELECT a FROM t WHERE n = ? AND m = ?", verb: "SELECT", tables: "t", flags: SQLLiteral | SQLWhere},
		{text: `SELECT a FROM t WHERE name = "bob"`, system: "mysql", want: "SELECT a FROM t WHERE name = ?", verb: "SELECT", tables: "t", flags: SQLLiteral | SQLWhere},
		{text: `SELECT a FROM "T" WHERE name = "bob"`, system: "postgresql", want: `SELECT a FROM "T" WHERE name = "bob"`, verb: "SELECT", tables: "t", flags: SQLWhere},
		{text: "SELECT player2 FROM game3 WHERE x = 1.5e-3 AND y=0xFF and z = -4", want: "SELECT player2 FROM game3 WHERE x = ? AND y = ? AND z = ?", verb: "SELECT", tables: "game3", flags: SQLLiteral | SQLWhere},
		{text: "SELECT a - 4 FROM t", want: "SELECT a - ? FROM t", verb: "SELECT", tables: "t", flags: SQLLiteral},
		{text: "DELETE FROM t WHERE id IN (1,2,3)", want: "DELETE FROM t WHERE id IN (?*)", verb: "DELETE", tables: "t", flags: SQLLiteral | SQLWhere | SQLBatch},
		{text: "DELETE FROM t WHERE id IN (1)", want: "DELETE FROM t WHERE id IN (?*)", verb: "DELETE", tables: "t", flags: SQLLiteral | SQLWhere},
		{text: "SELECT a FROM t WHERE id IN (SELECT b FROM u)", want: "SELECT a FROM t WHERE id IN (SELECT b FROM u)", verb: "SELECT", tables: "t u", flags: SQLWhere},
		{text: "SELECT a FROM t WHERE b = $1 AND c = %s AND d = %(n)s AND e = @p0 AND f = :name AND g = {0} AND h = ?", want: "SELECT a FROM t WHERE b = ? AND c = ? AND d = ? AND e = ? AND f = ? AND g = ? AND h = ?", verb: "SELECT", tables: "t", flags: SQLPlaceholder | SQLWhere},
		{text: "SELECT a::int FROM t", want: "SELECT a::int FROM t", verb: "SELECT", tables: "t"},
		{text: "SELECT a FROM t WHERE id = 'abc", want: "SELECT a FROM t WHERE id = ?", verb: "SELECT", tables: "t", flags: SQLLiteral | SQLWhere | SQLTruncated},
		{text: "SELECT a, b FROM t WHE...", want: "SELECT a, b FROM t WHE", verb: "SELECT", tables: "t", flags: SQLTruncated},
		{text: "SELECT a FROM t WHERE b" + strings.Repeat(" ", 2048-len("SELECT a FROM t WHERE b")), want: "SELECT a FROM t WHERE b", verb: "SELECT", tables: "t", flags: SQLWhere | SQLTruncated},
		{text: "SELECT 1 /* traceparent='00-ab' */ -- done", want: "SELECT ?", verb: "SELECT", flags: SQLLiteral},
		{text: "INSERT INTO shop.orders (a,b) VALUES (1, now()), ($1, NULL) ON CONFLICT DO NOTHING", want: "INSERT INTO shop.orders(a, b) VALUES (?*) ON CONFLICT DO NOTHING", verb: "INSERT", tables: "shop.orders", flags: SQLLiteral | SQLPlaceholder | SQLUpsert | SQLBatch},
		{text: "UPDATE stock SET n = n - 1 WHERE sku='x' AND version = 7", want: "UPDATE stock SET n = n - ? WHERE sku = ? AND version = ?", verb: "UPDATE", tables: "stock", flags: SQLLiteral | SQLWhere | SQLVersioned},
		{text: "SELECT n FROM stock WHERE sku = $1 FOR UPDATE", want: "SELECT n FROM stock WHERE sku = ? FOR UPDATE", verb: "SELECT", tables: "stock", flags: SQLPlaceholder | SQLWhere | SQLForUpdate},
		{text: "WITH x AS (SELECT 1) UPDATE t SET a = TRUE WHERE b IS NOT NULL", want: "WITH x AS (SELECT ?) UPDATE t SET a = ? WHERE b IS NOT NULL", verb: "UPDATE", tables: "t", flags: SQLLiteral | SQLWhere},
		{text: "SAVEPOINT sp_17", want: "SAVEPOINT ?", verb: "SAVEPOINT"},
		{text: "SELECT a FROM t WHERE b LIKE '%x' LIMIT 10 OFFSET 20", want: "SELECT a FROM t WHERE b LIKE ? LIMIT ? OFFSET ?", verb: "SELECT", tables: "t", flags: SQLLiteral | SQLWhere | SQLLimit | SQLLeadingLike},
		{text: `SELECT a FROM t WHERE b = E'x\'y' AND c = N'z'`, want: "SELECT a FROM t WHERE b = ? AND c = ?", verb: "SELECT", tables: "t", flags: SQLLiteral | SQLWhere},
		{text: `SELECT a->>'b' FROM t WHERE c @> '{}' ORDER BY a LIMIT 1`, want: "SELECT a ->> ? FROM t WHERE c @> ? ORDER BY a LIMIT ?", verb: "SELECT", tables: "t", flags: SQLLiteral | SQLWhere | SQLLimit},
		{text: "SELECT a FROM t ORDER BY a LIMIT 10 OFFSET 20", want: "SELECT a FROM t ORDER BY a LIMIT ? OFFSET ?", verb: "SELECT", tables: "t", flags: SQLLiteral | SQLLimit | SQLPaged},
		{text: "SELECT a FROM t WHERE id IN (1::int, $2::int)", want: "SELECT a FROM t WHERE id IN (?*)", verb: "SELECT", tables: "t", flags: SQLLiteral | SQLPlaceholder | SQLWhere | SQLBatch},
		{text: "SELECT a FROM t WHERE (b, c) IN ((1, 2))", want: "SELECT a FROM t WHERE (b, c) IN (?*)", verb: "SELECT", tables: "t", flags: SQLLiteral | SQLWhere},
		{text: "SELECT a FROM t WHERE id = 1 FOR UPDATE SKIP LOCKED", want: "SELECT a FROM t WHERE id = ? FOR UPDATE SKIP LOCKED", verb: "SELECT", tables: "t", flags: SQLLiteral | SQLWhere | SQLForUpdate},
		{text: "INSERT INTO t VALUES (1) ON DUPLICATE KEY UPDATE n = 2", want: "INSERT INTO t VALUES (?*) ON DUPLICATE KEY UPDATE n = ?", verb: "INSERT", tables: "t", flags: SQLLiteral | SQLUpsert},
		{text: "SELECT a FROM t AS x, u AS v JOIN `w` ON t.id=w.id", system: "mysql", want: "SELECT a FROM t AS x, u AS v JOIN `w` ON t.id = w.id", verb: "SELECT", tables: "t u w"},
		{text: "SELECT $tag$it's$tag$", want: "SELECT ?", verb: "SELECT", flags: SQLLiteral},
		{text: ""},
	}
	for _, tt := range tests {
		got := ParseSQL(tt.text, tt.system)
		want := Statement{Template: tt.want, Verb: tt.verb, Tables: strings.Fields(tt.tables), Flags: tt.flags, Params: got.Params}
		if len(want.Tables) == 0 {
			want.Tables = nil
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.text, diff)
		}
		if (got.Params != 0) != tt.flags.Has(SQLLiteral) {
			t.Errorf("%s: parameter hash %x", tt.text, got.Params)
		}
	}
}

func TestSQLParams(t *testing.T) {
	hash := func(text string) uint64 { return ParseSQL(text, "").Params }
	if hash("SELECT 1, 2") != hash("select  1,2") {
		t.Error("equal values have different hashes")
	}
	for _, other := range []string{"SELECT 12", "SELECT 2, 1", "SELECT '1', 3"} {
		if hash("SELECT 1, 2") == hash(other) {
			t.Errorf("the values of %q hash like those of SELECT 1, 2", other)
		}
	}
}

func FuzzParseSQL(f *testing.F) {
	f.Add("SELECT * FROM t WHERE a = 'x'", "mysql")
	f.Add("$x$", "postgresql")
	f.Add("IN (", "")
	f.Fuzz(func(t *testing.T, text, system string) {
		st := ParseSQL(text, system)
		if len(st.Template) > 3*len(text)+8 {
			t.Errorf("%q grew to %q", text, st.Template)
		}
	})
}
