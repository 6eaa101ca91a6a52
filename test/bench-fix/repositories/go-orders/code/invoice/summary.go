// Package invoice makes invoices of orders.
package invoice

import (
	"fmt"

	"example.com/orders/api"
	"example.com/orders/money"
)

// Summary is one line of the list of invoices.
type Summary struct {
	Number string
	Title  string
	Total  int64
	Taxes  map[int]int64
}

// Summarize says what an order is about.
func Summarize(order api.Order) Summary {
	taxes := map[int]int64{}
	var total int64
	for _, line := range order.Lines {
		amount := line.Cents * int64(line.Quantity)
		total += amount
		taxes[line.Tax] += money.Tax(amount, line.Tax)
	}
	return Summary{Number: order.Number, Title: title(order), Total: total, Taxes: taxes}
}

func title(order api.Order) string {
	first := order.Lines[0].Title
	if more := len(order.Lines) - 1; more > 0 {
		return fmt.Sprintf("%s and %d more for %s", first, more, order.Billing.Name)
	}
	return fmt.Sprintf("%s for %s", first, order.Billing.Name)
}

func (s Summary) String() string {
	return fmt.Sprintf("%s  %s  %s", s.Number, money.Format(s.Total), s.Title)
}
