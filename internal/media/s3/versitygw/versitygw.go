// Package versitygw starts a private S3 server, Versity's gateway over a
// directory, for tests and benchmarks: on a free port of the loopback interface,
// and never longer than the process that started it.
package versitygw

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"github.com/antiphon-music/antiphon/internal/citest/process"
)

// Server is a running gateway. It ends with this process, however that ends,
// and its directory is removed then.
type Server struct {
	Endpoint string // "http://127.0.0.1:PORT"
	Region   string
	Key      string // of the one account, which may do anything
	Secret   string

	dir     string
	process *process.Process
}

const (
	startTimeout = 30 * time.Second
	region       = "us-east-1"
	key, secret  = "antiphon", "antiphon-secret"
)

// Start runs a gateway without any buckets, and returns once it answers.
func Start() (*Server, error) {
	program, err := process.Find("versitygw")
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "antiphon-versitygw-")
	if err != nil {
		return nil, err
	}
	address, err := process.FreeAddress()
	if err != nil {
		return nil, err
	}
	root := filepath.Join(dir, "buckets")
	if err := errors.Join(os.Mkdir(root, 0o700), os.Mkdir(filepath.Join(dir, "metadata"), 0o700)); err != nil {
		return nil, err
	}
	// The metadata is in files of its own: not every file system has attributes.
	p, err := process.Start(dir, program, "--port", address, "--access", key, "--secret", secret, "--region", region,
		"--keep-alive", "--quiet", "posix", "--sidecar", filepath.Join(dir, "metadata"), root)
	if err != nil {
		return nil, err
	}
	s := &Server{Endpoint: "http://" + address, Region: region, Key: key, Secret: secret, dir: dir, process: p}
	return s, s.wait()
}

// Stop ends the server. Resume starts it again, with all that it holds.
func (s *Server) Stop() error { return s.process.Stop("KILL") }

// Resume starts a server again that was stopped, and returns once it answers.
func (s *Server) Resume() error {
	if err := s.process.Resume(); err != nil {
		return err
	}
	return s.wait()
}

// CreateBucket makes an empty bucket: a directory, as the gateway sees it.
func (s *Server) CreateBucket(name string) error {
	return os.Mkdir(filepath.Join(s.dir, "buckets", name), 0o700)
}

// Location returns the location of a folder in a bucket, as the setting media
// takes it.
func (s *Server) Location(bucket, folder string) string {
	return "s3://" + bucket + "/" + folder + "?endpoint=" + s.Endpoint + "&region=" + s.Region
}

// wait returns once the server answers.
func (s *Server) wait() error {
	var err error
	for deadline := time.Now().Add(startTimeout); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		var answer *http.Response
		if answer, err = ask(s.Endpoint); err == nil {
			return answer.Body.Close()
		}
	}
	return fmt.Errorf("versitygw does not answer: %w: %s", err, s.process.Log())
}

// client does not wait for what else may listen there.
var client = &http.Client{Timeout: time.Second}

func ask(url string) (*http.Response, error) {
	r, err := http.NewRequestWithContext(context.Background(), http.MethodGet, url, nil)
	if err != nil {
		return nil, err
	}
	return client.Do(r)
}
