package web

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/labstack/echo/v4"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

const (
	headerTimeout   = 10 * time.Second
	idleTimeout     = 2 * time.Minute
	answerTimeout   = 5 * time.Minute // for the longest export over a slow line
	shutdownTimeout = 20 * time.Second
	checkTimeout    = 5 * time.Second
	maxHeaderBytes  = 32 << 10
)

// Serve listens on addr until ctx ends, then lets requests under way finish.
func (s *Shell) Serve(ctx context.Context, addr string) error {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", addr)
	if err != nil {
		return fmt.Errorf("listen on %s: %w", addr, err)
	}
	return s.ServeOn(ctx, listener)
}

// ServeOn is Serve on a listener that is there already: a test's, on a free port.
func (s *Shell) ServeOn(ctx context.Context, listener net.Listener) error {
	return serve(ctx, listener, &http.Server{
		Handler: s.Handler(), ReadHeaderTimeout: headerTimeout, ReadTimeout: s.Config.HTTP.ReadTimeout,
		WriteTimeout: answerTimeout, IdleTimeout: idleTimeout, MaxHeaderBytes: maxHeaderBytes,
	})
}

// ServeMetrics serves counters for machines on metrics.addr until ctx ends; at once where none is set.
func (s *Shell) ServeMetrics(ctx context.Context) error {
	if s.Config.Metrics.Addr == "" {
		return nil
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", s.Config.Metrics.Addr)
	if err != nil {
		return fmt.Errorf("listen on %s for metrics: %w", s.Config.Metrics.Addr, err)
	}
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(s.Metrics, promhttp.HandlerOpts{}))
	return serve(ctx, listener, &http.Server{Handler: mux, ReadTimeout: headerTimeout, WriteTimeout: headerTimeout, IdleTimeout: idleTimeout})
}

func serve(ctx context.Context, listener net.Listener, server *http.Server) error {
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	select {
	case err := <-failed:
		return fmt.Errorf("serve on %s: %w", listener.Addr(), err)
	case <-ctx.Done():
	}
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownTimeout)
	defer cancel()
	if err := server.Shutdown(last); err != nil {
		return errors.Join(fmt.Errorf("stop serving on %s: %w", listener.Addr(), err), server.Close())
	}
	return nil
}

// readiness is one thing that must be well for the program to be of use.
type readiness struct {
	name  string
	check func(ctx context.Context) error
}

// Ready adds a check to /readyz. Its error goes to the log; the page names the check alone.
func (s *Shell) Ready(name string, check func(ctx context.Context) error) {
	s.checks = append(s.checks, readiness{name, check})
}

func (s *Shell) mountHealth() {
	s.plain("/healthz", func(c echo.Context) error { return c.String(http.StatusOK, "alive\n") })
	s.plain("/readyz", s.readyz)
}

func (s *Shell) readyz(c echo.Context) error {
	ctx, cancel := context.WithTimeout(c.Request().Context(), checkTimeout)
	defer cancel()
	var text strings.Builder
	status := http.StatusOK
	for _, one := range s.checks {
		state := "ready"
		if err := one.check(ctx); err != nil {
			s.Log.Warn("not ready", "check", one.name, "error", err)
			state, status = "NOT READY", http.StatusServiceUnavailable
		}
		fmt.Fprintf(&text, "%s: %s\n", one.name, state)
	}
	c.Response().Header().Set(echo.HeaderCacheControl, "no-store")
	return c.String(status, text.String())
}

// measures counts requests by route pattern, never by address: those may be secret, and there is no end of them.
type measures struct {
	requests *prometheus.CounterVec
	seconds  *prometheus.HistogramVec
}

// routeCounts are one route's counters, looked up once it is asked for: most routes of an instance never are.
type routeCounts struct {
	classes [6]prometheus.Counter // by the status's first digit
	seconds prometheus.Observer
}

func newMeasures(registry *prometheus.Registry) *measures {
	m := &measures{
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "conversations_http_requests_total", Help: "Requests answered, by route and class of status."}, []string{"route", "status"}),
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "conversations_http_request_seconds", Help: "Time to answer a request, by route.",
			Buckets: []float64{.001, .005, .025, .1, .25, .5, 1, 2.5, 10}}, []string{"route"}),
	}
	registry.MustRegister(m.requests, m.seconds, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

func (m *measures) of(route string) func() *routeCounts {
	return sync.OnceValue(func() *routeCounts {
		counts := &routeCounts{seconds: m.seconds.WithLabelValues(route)}
		for digit := range counts.classes {
			counts.classes[digit] = m.requests.WithLabelValues(route, fmt.Sprintf("%dxx", digit))
		}
		return counts
	})
}

func (r *routeCounts) add(status int, took time.Duration) {
	r.classes[min(max(status/100, 0), 5)].Inc()
	r.seconds.Observe(took.Seconds())
}
