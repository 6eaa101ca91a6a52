package api

import (
	"encoding/json"
	"fmt"
	"io"
)

// Fetch reads one page; the empty cursor is the first.
type Fetch func(cursor string) (io.ReadCloser, error)

// Client reads the orders of a shop.
type Client struct {
	fetch Fetch
	most  int
}

// NewClient makes one that reads at most so many pages.
func NewClient(fetch Fetch, most int) *Client {
	return &Client{fetch: fetch, most: most}
}

// Each calls with every order, oldest first.
func (c *Client) Each(do func(Order)) error {
	cursor := ""
	for read := 0; read < c.most; read++ {
		page, err := c.page(cursor)
		if err != nil {
			return fmt.Errorf("page %q: %w", cursor, err)
		}
		for _, order := range page.Orders {
			do(order)
		}
		if page.Next == "" {
			return nil
		}
		cursor = page.Next
	}
	return fmt.Errorf("more than %d pages", c.most)
}

func (c *Client) page(cursor string) (Page, error) {
	body, err := c.fetch(cursor)
	if err != nil {
		return Page{}, err
	}
	defer body.Close()
	var page Page
	if err := json.NewDecoder(body).Decode(&page); err != nil {
		return Page{}, err
	}
	return page, nil
}
