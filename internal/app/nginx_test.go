package app

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/antiphon-music/antiphon/internal/citest"
	processes "github.com/antiphon-music/antiphon/internal/citest/process"
)

// deployedNginx is the configuration that the guide gives operators, for nodes
// at three addresses.
const deployedNginx = "../../deploy/nginx.conf"

const aroundNginx = `
daemon off;
pid %[1]s/nginx.pid;
error_log stderr;
%[2]s
worker_rlimit_nofile 8192;
events { worker_connections 4096; }
http {
	access_log off;
	client_body_temp_path %[1]s/body;
	proxy_temp_path %[1]s/proxy;
	fastcgi_temp_path %[1]s/fastcgi;
	uwsgi_temp_path %[1]s/uwsgi;
	scgi_temp_path %[1]s/scgi;
%[3]s
}
`

// startNginx starts nginx as it is deployed, before the nodes at three addresses,
// and returns its URL.
func startNginx(t *testing.T, nodes [3]string) string {
	t.Helper()
	program, err := processes.Find("nginx")
	if err != nil { // it is out of an ordinary user's PATH on Debian
		program = "/usr/sbin/nginx"
	}
	if _, err := os.Stat(program); err != nil {
		citest.Missing(t, "this test needs nginx: it is not installed")
	}
	text, err := os.ReadFile(deployedNginx)
	if err != nil {
		t.Fatal(err)
	}
	address, err := processes.FreeAddress()
	if err != nil {
		t.Fatal(err)
	}
	conf := strings.NewReplacer("listen 8080", "listen "+address,
		"127.0.0.1:8081", nodes[0], "127.0.0.1:8082", nodes[1], "127.0.0.1:8083", nodes[2]).Replace(string(text))
	dir, err := os.MkdirTemp("", "antiphon-nginx-")
	if err != nil {
		t.Fatal(err)
	}
	user := ""
	if os.Getuid() == 0 { // its workers would become somebody who may not write there
		user = "user root;"
	}
	file := filepath.Join(dir, "nginx.conf")
	if err := os.WriteFile(file, fmt.Appendf(nil, aroundNginx, dir, user, conf), 0o600); err != nil {
		t.Fatal(err)
	}
	p, err := processes.Start(dir, program, "-c", file, "-e", "stderr")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := p.Stop("TERM"); err != nil {
			t.Error(err)
		}
	})
	base := "http://" + address
	for deadline := time.Now().Add(patience); ; time.Sleep(20 * time.Millisecond) {
		answer, err := httpClient.Get(base + "/healthz")
		if err == nil {
			err = answer.Body.Close()
		}
		if err == nil {
			return base
		}
		if time.Now().After(deadline) {
			t.Fatalf("nginx does not answer: %v\n%s", err, p.Log())
		}
	}
}
