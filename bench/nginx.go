package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	processes "github.com/antiphon-music/antiphon/internal/citest/process"
)

// nginxConf is Debian's configuration as far as it matters to how fast files
// are sent, without the access log. A connection may be used for as long as it
// likes, as with Antiphon.
const nginxConf = `
daemon off;
worker_processes auto;
pid %[1]s/nginx.pid;
error_log stderr;
%[2]s
events { worker_connections 768; }
http {
	sendfile on;
	access_log off;
	keepalive_requests 100000000;
	types { audio/mpeg mp3; }
	client_body_temp_path %[1]s/nginx-body;
	proxy_temp_path %[1]s/nginx-proxy;
	fastcgi_temp_path %[1]s/nginx-fastcgi;
	uwsgi_temp_path %[1]s/nginx-uwsgi;
	scgi_temp_path %[1]s/nginx-scgi;
	server {
		listen %[3]s;
		root %[4]s;
	}
}
`

// startNginx serves a folder.
func (b *bench) startNginx(ctx context.Context, www string) (*process, error) {
	binary, err := nginxBinary()
	if err != nil {
		return nil, err
	}
	addr, err := processes.FreeAddress()
	if err != nil {
		return nil, err
	}
	user := ""
	if os.Getuid() == 0 { // its workers would become somebody who may not read the files
		user = "user root;"
	}
	file := filepath.Join(b.scratch, "nginx.conf")
	if err := os.WriteFile(file, fmt.Appendf(nil, nginxConf, b.scratch, user, addr, www), 0o600); err != nil {
		return nil, err
	}
	return start(ctx, b.scratch, "nginx", addr, binary, "-c", file, "-e", "stderr")
}

// nginxBinary finds nginx, which is out of an ordinary user's PATH on Debian.
func nginxBinary() (string, error) {
	for _, name := range []string{"nginx", "/usr/sbin/nginx"} {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", errors.New("it is not installed")
}

// nginxVersion returns "1.22.1", or "" if there is no nginx.
func nginxVersion(ctx context.Context) string {
	binary, err := nginxBinary()
	if err != nil {
		return ""
	}
	// It writes to the standard error.
	text, err := exec.CommandContext(ctx, binary, "-v").CombinedOutput()
	if err != nil {
		return ""
	}
	_, version, _ := strings.Cut(strings.TrimSpace(string(text)), "/")
	return version
}
