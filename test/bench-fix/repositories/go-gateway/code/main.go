package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"

	"example.com/gateway/gateway"
)

func main() {
	mux := http.NewServeMux()
	mux.Handle("/api/", http.StripPrefix("/api", gateway.New(gateway.WithLog(os.Stdout), gateway.WithMaxBody(4096))))
	answer := httptest.NewRecorder()
	mux.ServeHTTP(answer, httptest.NewRequest(http.MethodGet, "/api/health", nil))
	fmt.Println(answer.Code)
}
