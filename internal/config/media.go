package config

import (
	"errors"
	"fmt"
	"net/url"
	"path"
	"path/filepath"
	"strings"
)

// remoteMedia are what the locations of storages that are no folder begin with.
var remoteMedia = [...]string{"s3://", "cloudinary://"}

// MediaIsRemote reports whether uploaded files are kept elsewhere than in a
// folder.
func (c *Config) MediaIsRemote() bool {
	for _, scheme := range remoteMedia {
		if strings.HasPrefix(c.Media, scheme) {
			return true
		}
	}
	return false
}

// MediaDir returns the folder of the uploaded files. If they are kept
// elsewhere, it is that of uploads under way and of derived images.
func (c *Config) MediaDir() string {
	if c.Media != "" && !c.MediaIsRemote() {
		return c.Media
	}
	return filepath.Join(c.Data, "media")
}

// PublicMedia returns the address under which clients find /media/, without a
// slash at its end, or "" if it is the server's own.
func (c *Config) PublicMedia() (string, error) {
	if c.MediaPublicURL == "" {
		return "", nil
	}
	text := strings.TrimRight(c.MediaPublicURL, "/")
	u, err := url.Parse(text)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Hostname() == "" || u.String() != text ||
		strings.ContainsFunc(text, notInPublicURL) || u.Path != "" && path.Clean(u.Path) != u.Path {
		return "", fmt.Errorf("media-public-url: %q is no address such as https://cdn.example.org", c.MediaPublicURL)
	}
	return text, nil
}

// notInPublicURL tells what is neither in a scheme, a host, a port nor in a
// plain path. The address goes into pages and headers as it is.
func notInPublicURL(r rune) bool {
	switch {
	case 'a' <= r && r <= 'z', 'A' <= r && r <= 'Z', '0' <= r && r <= '9', strings.ContainsRune("-._~:/[]", r):
		return false
	}
	return true
}

// What --media-delivery may be.
const (
	MediaProxy    = "proxy"
	MediaRedirect = "redirect"
)

// checkMedia checks what can be told without the storage itself, which looks at
// the rest of its location.
func (c *Config) checkMedia() error {
	var wrong []error
	if strings.Contains(c.Media, "://") && !c.MediaIsRemote() {
		wrong = append(wrong, fmt.Errorf("media: it is a folder, s3://BUCKET or cloudinary://CLOUD, not %q", c.Media))
	}
	if (c.MediaKey == "") != (c.MediaSecret == "") {
		wrong = append(wrong, errors.New("media-key, media-secret: one is nothing without the other"))
	}
	if c.MediaDelivery == MediaRedirect && !strings.HasPrefix(c.Media, "s3://") {
		wrong = append(wrong, errors.New("media-delivery: only from s3:// can clients fetch files themselves"))
	}
	return errors.Join(wrong...)
}
