// Package api speaks to the shop.
package api

import "time"

// Address is where goods or letters go.
type Address struct {
	Name    string `json:"name"`
	Street  string `json:"street"`
	City    string `json:"city"`
	Country string `json:"country"`
}

// Line is one product of an order.
type Line struct {
	SKU      string `json:"sku"`
	Title    string `json:"title"`
	Quantity int    `json:"quantity"`
	Cents    int64  `json:"unit_price"`
	Tax      int    `json:"tax_percent"`
}

// Order is what a customer bought.
type Order struct {
	Number   string    `json:"number"`
	Placed   time.Time `json:"placed_at"`
	Billing  Address   `json:"billing_address"`
	Shipping *Address  `json:"shipping_address"`
	Lines    []Line    `json:"lines"`
	Note     string    `json:"note,omitempty"`
}

// Page is a part of a list; Next is empty on the last.
type Page struct {
	Orders []Order `json:"orders"`
	Next   string  `json:"next"`
}

// Problem is what the shop answers when it refuses.
type Problem struct {
	Code   string `json:"code"`
	Detail string `json:"detail"`
}

func (p Problem) Error() string { return p.Code + ": " + p.Detail }
