package ops

import (
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// Metrics are the figures of one server, in a registry of its own.
type Metrics struct {
	registry *prometheus.Registry
	requests *prometheus.HistogramVec
	panics   prometheus.Counter
	known    sync.Map // seriesKey → prometheus.Observer: looking up labels costs more than observing
}

type seriesKey struct {
	area, method string
	status       int
}

// NewMetrics returns empty metrics, with those of the Go runtime.
func NewMetrics() *Metrics {
	m := &Metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name:    "antiphon_http_request_duration_seconds",
			Help:    "Time to answer a request, by part of the server, method and status.",
			Buckets: []float64{.0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 10},
		}, []string{"area", "method", "status"}),
		panics: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "antiphon_panics_total", Help: "Requests that ended in a panic.",
		}),
	}
	m.registry.MustRegister(m.requests, m.panics, collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// Watch adds a figure that is read whenever the metrics are asked for.
func (m *Metrics) Watch(name, help string, read func() int) {
	m.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help},
		func() float64 { return float64(read()) }))
}

// Panicked counts a panic.
func (m *Metrics) Panicked() { m.panics.Inc() }

// Handler answers with the metrics in Prometheus' text format.
func (m *Metrics) Handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{})
}

func (m *Metrics) observe(area, method string, status int, took time.Duration) {
	key := seriesKey{area, methodLabel(method), status}
	o, ok := m.known.Load(key)
	if !ok {
		o, _ = m.known.LoadOrStore(key, m.requests.WithLabelValues(area, key.method, strconv.Itoa(status)))
	}
	o.(prometheus.Observer).Observe(took.Seconds())
}

// methodLabel keeps clients from making up series.
func methodLabel(method string) string {
	switch method {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch,
		http.MethodDelete, http.MethodOptions:
		return method
	}
	return "other"
}
