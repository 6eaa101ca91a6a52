package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
)

func main() {
	handler := build()
	var done sync.WaitGroup
	done.Add(1)
	// As a server does it: each request in a goroutine of its own.
	go serve(handler, &done)
	done.Wait()
}

func serve(handler http.Handler, done *sync.WaitGroup) {
	defer done.Done()
	body := strings.NewReader(`{"room": "blue", "guest": "Ada", "from": "2030-01-02T10:00:00Z", "hours": 2}`)
	answer := httptest.NewRecorder()
	handler.ServeHTTP(answer, httptest.NewRequest(http.MethodPost, "/book", body))
	fmt.Println(answer.Code)
}
