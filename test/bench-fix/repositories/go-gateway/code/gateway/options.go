package gateway

import (
	"io"
	"log"
	"time"
)

// Option changes a server before it starts.
type Option func(*Server)

// WithClock gives it a time of its own.
func WithClock(now func() time.Time) Option { return func(s *Server) { s.now = now } }

// WithLog writes requests somewhere.
func WithLog(out io.Writer) Option {
	return func(s *Server) { s.log = log.New(out, "gateway ", 0) }
}

// WithLimit lets through so many requests of one client in a minute.
func WithLimit(perMinute int) Option {
	return func(s *Server) { s.limiter = newLimiter(perMinute) }
}

// WithMaxBody refuses bodies that are longer.
func WithMaxBody(bytes int64) Option { return func(s *Server) { s.maxBody = bytes } }

func defaults(s *Server) {
	s.now = time.Now
	s.log = log.New(io.Discard, "", 0)
	s.maxBody = 1 << 20
	s.sessions = newSessions(30 * time.Minute)
}
