// Package booking lets rooms.
package booking

import (
	"errors"
	"time"

	"example.com/booking/clock"
	"example.com/booking/store"
)

// ErrPast is what a booking gets that would have begun.
var ErrPast = errors.New("that was earlier")

// Store is what the service keeps bookings in.
type Store interface {
	Add(store.Booking) error
	Of(room string, after time.Time) []store.Booking
}

// Service lets rooms, to whoever comes first.
type Service struct {
	store  Store
	clock  clock.Clock
	notify func(store.Booking)
}

// NewService puts one together. All of it is needed but notify.
func NewService(kept Store, now clock.Clock, notify func(store.Booking)) *Service {
	return &Service{store: kept, clock: now, notify: notify}
}

// Book lets a room for some hours.
func (s *Service) Book(room, guest string, from time.Time, hours int) error {
	if !from.After(s.clock.Now()) {
		return ErrPast
	}
	b := store.Booking{Room: room, Guest: guest, From: from, To: from.Add(time.Duration(hours) * time.Hour)}
	if err := s.store.Add(b); err != nil {
		return err
	}
	if s.notify != nil {
		s.notify(b)
	}
	return nil
}

// Next lists what is to come in a room.
func (s *Service) Next(room string) []store.Booking { return s.store.Of(room, s.clock.Now()) }
