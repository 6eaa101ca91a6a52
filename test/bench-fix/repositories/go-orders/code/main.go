package main

import (
	"fmt"
	"io"
	"log"
	"strings"

	"example.com/orders/api"
	"example.com/orders/invoice"
)

const answer = `{"orders": [{"number": "K-2031", "placed_at": "2026-03-02T09:00:00Z",
  "billing_address": {"name": "Kettles & Co", "street": "Quay 7", "city": "Bremen", "country": "DE"},
  "items": [{"sku": "kettle", "title": "Kettle", "quantity": 12, "unit_price": 1990, "tax_percent": 19}]}]}`

func main() {
	client := api.NewClient(func(string) (io.ReadCloser, error) {
		return io.NopCloser(strings.NewReader(answer)), nil
	}, 10)
	pool := invoice.NewPool(1)
	if err := client.Each(pool.Add); err != nil {
		log.Fatal(err)
	}
	for _, summary := range pool.Wait() {
		fmt.Println(summary)
	}
}
