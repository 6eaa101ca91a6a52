// Package gateway keeps notes behind a small HTTP server.
package gateway

import (
	"encoding/json"
	"log"
	"net/http"
	"strings"
	"sync"
	"time"
)

// Note is what a user wrote.
type Note struct {
	ID   string `json:"id"`
	Text string `json:"text"`
}

// Server answers requests for notes.
type Server struct {
	now      func() time.Time
	log      *log.Logger
	limiter  *limiter
	maxBody  int64
	sessions *sessions
	handler  http.Handler

	mu    sync.Mutex
	notes map[string][]Note
	next  int
}

// New makes a server; what no option says is as in defaults.
func New(options ...Option) *Server {
	s := &Server{notes: map[string][]Note{}}
	defaults(s)
	for _, option := range options {
		option(s)
	}
	s.handler = s.routes()
	return s
}

func (s *Server) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/health", s.health)
	mux.HandleFunc("/sessions", s.sessionsOf)
	mux.HandleFunc("/notes", s.signedIn(s.list))
	mux.HandleFunc("/notes/", s.signedIn(s.one))
	return s.logged(s.limited(s.bounded(mux)))
}

// ServeHTTP makes it a handler.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.handler.ServeHTTP(w, r) }

func (s *Server) health(w http.ResponseWriter, _ *http.Request) {
	reply(w, http.StatusOK, map[string]string{"status": "ok"})
}

func (s *Server) sessionsOf(w http.ResponseWriter, r *http.Request) {
	id := r.Header.Get("X-Session")
	switch r.Method {
	case http.MethodPost:
		var body struct {
			User string `json:"user"`
		}
		if err := json.NewDecoder(r.Body).Decode(&body); err != nil || body.User == "" || id == "" {
			fail(w, http.StatusBadRequest, "a user and a session are needed")
			return
		}
		s.sessions.start(id, body.User, s.now())
		w.WriteHeader(http.StatusNoContent)
	case http.MethodDelete:
		s.sessions.end(id)
		w.WriteHeader(http.StatusNoContent)
	default:
		fail(w, http.StatusMethodNotAllowed, "POST or DELETE")
	}
}

func userOf(r *http.Request) string {
	user, _ := r.Context().Value(userKey).(string)
	return user
}

func (s *Server) list(w http.ResponseWriter, r *http.Request) {
	switch r.Method {
	case http.MethodGet:
		s.mu.Lock()
		notes := append([]Note{}, s.notes[userOf(r)]...)
		s.mu.Unlock()
		reply(w, http.StatusOK, notes)
	case http.MethodPost:
		var note Note
		if err := json.NewDecoder(r.Body).Decode(&note); err != nil {
			fail(w, http.StatusBadRequest, err.Error())
			return
		}
		reply(w, http.StatusCreated, s.add(userOf(r), note.Text))
	default:
		fail(w, http.StatusMethodNotAllowed, "GET or POST")
	}
}

func (s *Server) add(user, text string) Note {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.next++
	note := Note{ID: "n" + strings.Repeat("0", 3) + string(rune('0'+s.next%10)), Text: text}
	s.notes[user] = append(s.notes[user], note)
	return note
}

func (s *Server) one(w http.ResponseWriter, r *http.Request) {
	id := strings.TrimPrefix(r.URL.Path, "/notes/")
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, note := range s.notes[userOf(r)] {
		if note.ID != id {
			continue
		}
		if r.Method == http.MethodDelete {
			s.notes[userOf(r)] = append(s.notes[userOf(r)][:i], s.notes[userOf(r)][i+1:]...)
			w.WriteHeader(http.StatusNoContent)
			return
		}
		reply(w, http.StatusOK, note)
		return
	}
	fail(w, http.StatusNotFound, "there is no such note")
}

func reply(w http.ResponseWriter, status int, value any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(value)
}

func fail(w http.ResponseWriter, status int, detail string) {
	reply(w, status, map[string]string{"detail": detail})
}
