package gateway

import (
	"net/http"
	"net/http/httptest"
	"testing"
)

func TestHealth(t *testing.T) {
	for name, server := range map[string]*Server{"as it is": New(), "limited": New(WithLimit(5))} {
		answer := httptest.NewRecorder()
		server.ServeHTTP(answer, httptest.NewRequest(http.MethodGet, "/health", nil))
		if answer.Code != http.StatusOK {
			t.Fatalf("%s: got %d", name, answer.Code)
		}
	}
}
