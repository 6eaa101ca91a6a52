package main

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestBuild(t *testing.T) {
	body := `{"room": "blue", "guest": "Ada", "from": "2090-01-02T10:00:00Z", "hours": 2}`
	for _, want := range []int{http.StatusCreated, http.StatusCreated} {
		answer := httptest.NewRecorder()
		build().ServeHTTP(answer, httptest.NewRequest(http.MethodPost, "/book", strings.NewReader(body)))
		if answer.Code != want {
			t.Fatalf("got %d", answer.Code)
		}
	}
}
