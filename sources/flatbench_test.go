package sources

import (
	"bytes"
	"fmt"
	"testing"

	"tracefall/sources/jsonscan"
	"tracefall/sources/trace"
)

// flatLines is a file of flat spans, one a line.
func flatLines(spans int) []byte {
	var b bytes.Buffer
	for i := range spans {
		parent := "null"
		if i%10 > 0 {
			parent = fmt.Sprintf(`"%016x"`, i-i%10+1)
		}
		fmt.Fprintf(&b, `{"trace_id":"%032x","span_id":"%016x","parent_span_id":%s,"name":"op %d","service":"svc-%d","start":%d,`+
			`"duration_ms":%d.25,"kind":"SERVER","status":"OK","attributes":{"http.method":"GET","http.status_code":200,"user.id":"u%d"}}`+"\n",
			i/10+1, i+1, parent, i%10, i%5, 1767225600000+i*3, 100-i%10, i)
	}
	return b.Bytes()
}

// BenchmarkFlat reads flat spans with one worker; the ratio to the scanner that only skips them is what reading costs.
func BenchmarkFlat(b *testing.B) {
	data := flatLines(100_000)
	b.Run("read", func(b *testing.B) {
		b.SetBytes(int64(len(data)))
		for b.Loop() {
			r := newReader(trace.NewBuilder(), data)
			r.decideFlat()
			if err := r.documents(); err != nil || r.B.Spans() != 100_000 {
				b.Fatal(err, r.B.Spans())
			}
		}
	})
	b.Run("skip", func(b *testing.B) {
		b.SetBytes(int64(len(data)))
		for b.Loop() {
			s := jsonscan.Scanner{Data: data}
			for !s.Ended() {
				s.Skip()
			}
		}
	})
}
