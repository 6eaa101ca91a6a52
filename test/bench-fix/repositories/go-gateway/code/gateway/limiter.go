package gateway

import (
	"sync"
	"time"
)

// limiter counts the requests of each client in the minute that runs.
type limiter struct {
	perMinute int

	mu     sync.Mutex
	minute time.Time
	counts map[string]int
}

func newLimiter(perMinute int) *limiter {
	return &limiter{perMinute: perMinute, counts: map[string]int{}}
}

func (l *limiter) allow(client string, now time.Time) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if minute := now.Truncate(time.Minute); !minute.Equal(l.minute) {
		l.minute = minute
		l.counts = map[string]int{}
	}
	l.counts[client]++
	return l.perMinute == 0 || l.counts[client] <= l.perMinute
}
