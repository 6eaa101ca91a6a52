package main

import (
	"log"
	"net/http"

	"example.com/booking/booking"
	"example.com/booking/store"
)

func build() http.Handler {
	kept := &store.Memory{}
	service := booking.NewService(kept, nil, func(b store.Booking) {
		log.Printf("%s has %s", b.Guest, b.Room)
	})
	return booking.Handler(service)
}
