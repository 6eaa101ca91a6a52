// Package store keeps bookings.
package store

import (
	"errors"
	"sync"
	"time"
)

// ErrTaken is what a second booking of a room gets.
var ErrTaken = errors.New("the room is taken")

// Booking is a room for a while.
type Booking struct {
	Room  string
	Guest string
	From  time.Time
	To    time.Time
}

// Memory keeps them as long as the program runs.
type Memory struct {
	mu       sync.Mutex
	bookings []Booking
}

// Add refuses what overlaps.
func (m *Memory) Add(b Booking) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, other := range m.bookings {
		if other.Room == b.Room && other.From.Before(b.To) && b.From.Before(other.To) {
			return ErrTaken
		}
	}
	m.bookings = append(m.bookings, b)
	return nil
}

// Of lists those of a room that end later.
func (m *Memory) Of(room string, after time.Time) []Booking {
	m.mu.Lock()
	defer m.mu.Unlock()
	var found []Booking
	for _, b := range m.bookings {
		if b.Room == room && b.To.After(after) {
			found = append(found, b)
		}
	}
	return found
}
