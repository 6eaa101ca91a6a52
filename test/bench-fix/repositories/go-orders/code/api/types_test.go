package api

import (
	"io"
	"strings"
	"testing"
)

func TestLines(t *testing.T) {
	text := `{"orders": [{"number": "K-1", "items": [{"sku": "lamp", "quantity": 2, "unit_price": 4900}]}]}`
	client := NewClient(func(string) (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(text)), nil }, 1)
	var lines []Line
	if err := client.Each(func(order Order) { lines = append(lines, order.Lines...) }); err != nil {
		t.Fatal(err)
	}
	if len(lines) != 1 || lines[0].SKU != "lamp" || lines[0].Cents != 4900 {
		t.Fatalf("got %v", lines)
	}
}
