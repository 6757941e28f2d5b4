// The distribution registry with storage on disk or in memory, without the drivers of every cloud.
//
//	registry serve FILE            serve what the configuration file says (REGISTRY_* variables override it)
//	registry garbage-collect FILE  delete the blobs that no manifest names any more
package main

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/distribution/distribution/v3/configuration"
	"github.com/distribution/distribution/v3/health"
	"github.com/distribution/distribution/v3/registry/handlers"
	"github.com/distribution/distribution/v3/registry/storage"
	"github.com/distribution/distribution/v3/registry/storage/driver/factory"
	_ "github.com/distribution/distribution/v3/registry/storage/driver/filesystem"
	_ "github.com/distribution/distribution/v3/registry/storage/driver/inmemory"
	"github.com/sirupsen/logrus"
)

func read(path string) (*configuration.Configuration, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	config, err := configuration.Parse(file)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return config, nil
}

// alive answers probes at "/"; everything else goes on to the registry.
func alive(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/" {
			w.Header().Set("Cache-Control", "no-cache")
			w.WriteHeader(http.StatusOK)
			return
		}
		next.ServeHTTP(w, r)
	})
}

func serve(ctx context.Context, config *configuration.Configuration) error {
	level, err := logrus.ParseLevel(string(config.Log.Level))
	if err == nil {
		logrus.SetLevel(level)
	}
	app := handlers.NewApp(ctx, config)
	app.RegisterHealthChecks()
	server := &http.Server{
		Addr:              config.HTTP.Addr,
		Handler:           alive(health.Handler(app)),
		ReadHeaderTimeout: 30 * time.Second,
	}
	go func() {
		<-ctx.Done()
		grace, cancel := context.WithTimeout(context.Background(), 20*time.Second)
		defer cancel()
		_ = server.Shutdown(grace)
	}()
	logrus.Infof("listening on %s", config.HTTP.Addr)
	if err := server.ListenAndServe(); err != http.ErrServerClosed {
		return err
	}
	return nil
}

func collect(ctx context.Context, config *configuration.Configuration) error {
	driver, err := factory.Create(ctx, config.Storage.Type(), config.Storage.Parameters())
	if err != nil {
		return err
	}
	registry, err := storage.NewRegistry(ctx, driver)
	if err != nil {
		return err
	}
	return storage.MarkAndSweep(ctx, driver, registry, storage.GCOpts{RemoveUntagged: true})
}

func run() error {
	if len(os.Args) != 3 {
		return fmt.Errorf("usage: registry serve|garbage-collect CONFIGURATION")
	}
	config, err := read(os.Args[2])
	if err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, os.Interrupt)
	defer stop()
	switch os.Args[1] {
	case "serve":
		return serve(ctx, config)
	case "garbage-collect":
		return collect(ctx, config)
	}
	return fmt.Errorf("unknown command %q; use serve or garbage-collect", os.Args[1])
}

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "registry:", err)
		os.Exit(1)
	}
}
