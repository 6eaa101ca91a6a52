package gateway

import (
	"sync"
	"time"
)

type session struct {
	user  string
	until time.Time
}

// sessions knows who is signed in.
type sessions struct {
	life time.Duration

	mu    sync.RWMutex
	known map[string]session
}

func newSessions(life time.Duration) *sessions {
	return &sessions{life: life, known: map[string]session{}}
}

func (s *sessions) start(id, user string, now time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.known[id] = session{user: user, until: now.Add(s.life)}
}

func (s *sessions) user(id string, now time.Time) (string, bool) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	known, ok := s.known[id]
	return known.user, ok && now.Before(known.until)
}

func (s *sessions) end(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.known, id)
}
