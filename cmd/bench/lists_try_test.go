package main

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"
)

func TestTryLists(t *testing.T) {
	dir := "/tmp/benchdb"
	os.MkdirAll(dir, 0o755)
	o, err := openOffice(context.Background(), filepath.Join(dir, "b.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer o.close()
	for _, l := range staffLists() {
		if p := os.Getenv("ONLY"); p != "" && p != l.path {
			continue
		}
		var a, b float64
		for range 5 {
			x, err := o.pages(l.path)
			if err != nil {
				t.Fatal(err)
			}
			y, _ := o.raw(l.sql)
			a, b = max(a, x), max(b, y)
		}
		t.Logf("%s: ours %.1f ms raw %.1f ms: %.2f", l.what, 1000/a, 1000/b, b/a)
	}
	if os.Getenv("ONLY") != "" {
		end := time.Now().Add(4 * time.Second)
		for time.Now().Before(end) {
			o.pages(os.Getenv("ONLY"))
		}
	}
}
