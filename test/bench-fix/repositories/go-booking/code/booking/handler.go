package booking

import (
	"encoding/json"
	"errors"
	"net/http"
	"time"

	"example.com/booking/store"
)

// Handler answers POST /rooms?room=.
func Handler(service *Service) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/book", func(w http.ResponseWriter, r *http.Request) {
		var asked struct {
			Room  string    `json:"room"`
			Guest string    `json:"guest"`
			From  time.Time `json:"from"`
			Hours int       `json:"hours"`
		}
		if err := json.NewDecoder(r.Body).Decode(&asked); err != nil || asked.Hours < 1 {
			http.Error(w, "a room, a guest, a time and hours are needed", http.StatusBadRequest)
			return
		}
		answer(w, service.Book(asked.Room, asked.Guest, asked.From, asked.Hours))
	})
	mux.HandleFunc("/next", func(w http.ResponseWriter, r *http.Request) {
		_ = json.NewEncoder(w).Encode(service.Next(r.URL.Query().Get("room")))
	})
	return mux
}

func answer(w http.ResponseWriter, err error) {
	switch {
	case err == nil:
		w.WriteHeader(http.StatusCreated)
	case errors.Is(err, store.ErrTaken):
		http.Error(w, err.Error(), http.StatusConflict)
	default:
		http.Error(w, err.Error(), http.StatusUnprocessableEntity)
	}
}
