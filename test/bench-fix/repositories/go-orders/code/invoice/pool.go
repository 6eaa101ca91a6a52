package invoice

import (
	"sort"
	"sync"

	"example.com/orders/api"
)

// Pool summarizes orders, several at a time.
type Pool struct {
	orders chan api.Order
	done   sync.WaitGroup

	mu        sync.Mutex
	summaries []Summary
}

// NewPool starts the workers.
func NewPool(workers int) *Pool {
	pool := &Pool{orders: make(chan api.Order, workers)}
	for i := 0; i < workers; i++ {
		pool.done.Add(1)
		go pool.work()
	}
	return pool
}

// Add waits until a worker is free.
func (p *Pool) Add(order api.Order) { p.orders <- order }

// Wait returns the summaries, by number, when all orders are done.
func (p *Pool) Wait() []Summary {
	close(p.orders)
	p.done.Wait()
	sort.Slice(p.summaries, func(i, j int) bool { return p.summaries[i].Number < p.summaries[j].Number })
	return p.summaries
}

func (p *Pool) work() {
	defer p.done.Done()
	for order := range p.orders {
		summary := Summarize(order)
		p.mu.Lock()
		p.summaries = append(p.summaries, summary)
		p.mu.Unlock()
	}
}
