package sources

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// TestProgressOfEveryFormat reports while each sort of file is read: the clock ticks whenever the reader looks.
func TestProgressOfEveryFormat(t *testing.T) {
	for _, name := range []string{"shop.pb", "shop.lenprefix.pb", "shop.otlp.jsonl", "shop.jaeger.json"} {
		data, err := os.ReadFile(filepath.Join("..", "testdata", "traces", name))
		if err != nil {
			t.Fatal(err)
		}
		data = bytes.Repeat(data, 40)
		reports := 0
		o := newOpening(context.Background(), Options{Progress: func(Progress) { reports++ }})
		ticks := make(chan time.Time, 10_000)
		for range cap(ticks) {
			ticks <- time.Time{}
		}
		o.ticker = &time.Ticker{C: ticks}
		failure, err := o.readInto(o.b, &input{name: name, data: data}, true)
		if err != nil || failure != nil || reports == 0 {
			t.Errorf("%s: %d reports, %v, %v", name, reports, failure, err)
		}
	}
}
