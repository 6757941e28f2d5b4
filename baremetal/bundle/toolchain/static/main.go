// static serves a folder of files over HTTP: $STATIC_ROOT (default: the working folder) on $PORT (default 8080).
package main

import (
	"context"
	"log"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

func setting(name, fallback string) string {
	if value := os.Getenv(name); value != "" {
		return value
	}
	return fallback
}

// visible refuses dot files, which are the author's (.git, .env) and not the visitor's.
func visible(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for _, part := range strings.Split(r.URL.Path, "/") {
			if strings.HasPrefix(part, ".") && part != ".well-known" {
				http.NotFound(w, r)
				return
			}
		}
		next.ServeHTTP(w, r)
	})
}

func main() {
	root, err := filepath.Abs(setting("STATIC_ROOT", "."))
	if err != nil {
		log.Fatal(err)
	}
	server := &http.Server{
		Addr:              ":" + setting("PORT", "8080"),
		Handler:           visible(http.FileServer(http.Dir(root))),
		ReadHeaderTimeout: 15 * time.Second,
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, os.Interrupt)
	defer stop()
	go func() {
		<-ctx.Done()
		grace, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		_ = server.Shutdown(grace)
	}()
	log.Printf("serving %s on %s", root, server.Addr)
	if err := server.ListenAndServe(); err != http.ErrServerClosed {
		log.Fatal(err)
	}
}
