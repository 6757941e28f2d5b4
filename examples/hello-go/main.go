// hello-go answers with how long it has been running.
package main

import (
	"fmt"
	"log"
	"net/http"
	"os"
	"runtime"
	"time"

	"github.com/dustin/go-humanize"
)

func main() {
	port := os.Getenv("PORT")
	if port == "" {
		port = "8080"
	}
	started := time.Now()
	http.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprintf(w, "Hello from %s, started %s\n", runtime.Version(), humanize.Time(started))
	})
	log.Printf("hello-go listens on %s", port)
	log.Fatal(http.ListenAndServe(":"+port, nil))
}
