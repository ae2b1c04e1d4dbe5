package s3

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"
)

// Config says where the blobs are, and who asks for them.
type Config struct {
	Bucket     string
	Prefix     string // of the objects' names: "" or a path that ends in a slash
	Endpoint   string // such as "https://s3.example.org:9000"; "" is Amazon's
	Region     string // "" is "us-east-1"
	PathStyle  bool   // the bucket is in the path of an address, not in its host name
	Encryption string // by the server: "" as the bucket says, "AES256" or "aws:kms"
	KMSKey     string // for "aws:kms": the key's id; "" is the bucket's

	// Key and Secret are the access key. Without them the usual variables of the
	// environment (AWS_ACCESS_KEY_ID and so on) are used, or the role of the
	// machine.
	Key, Secret string

	Patience time.Duration // how long the server may be silent; 0 is [remote.Patience]
}

// Scheme begins the locations that Parse reads.
const Scheme = "s3://"

// Parse reads a location:
//
//	s3://BUCKET/PREFIX?endpoint=URL&region=R&style=path|host&sse=AES256|aws:kms&kms-key=ID
//
// All but the bucket may be left out. The style is host for Amazon's own
// servers, and path for others, unless it is given.
func Parse(location string) (Config, error) {
	u, err := url.Parse(location)
	if err != nil || u.Scheme+"://" != Scheme || u.Host == "" || u.User != nil || u.Fragment != "" {
		return Config{}, errors.New("s3: a location is like s3://BUCKET/PREFIX?endpoint=URL, without keys")
	}
	c := Config{Bucket: u.Host}
	if p := strings.Trim(u.Path, "/"); p != "" {
		c.Prefix = p + "/"
	}
	query, err := url.ParseQuery(u.RawQuery)
	if err != nil {
		return Config{}, fmt.Errorf("s3: the location's options: %w", err)
	}
	style := ""
	for name, values := range query {
		switch name {
		case "endpoint":
			c.Endpoint = values[0]
		case "region":
			c.Region = values[0]
		case "style":
			style = values[0]
		case "sse":
			c.Encryption = values[0]
		case "kms-key":
			c.KMSKey = values[0]
		default:
			return Config{}, fmt.Errorf("s3: a location has no option %q: it has endpoint, region, style, sse and kms-key", name)
		}
	}
	switch style {
	case "":
		c.PathStyle = c.Endpoint != ""
	case "path", "host":
		c.PathStyle = style == "path"
	default:
		return Config{}, fmt.Errorf("s3: the style is path or host, not %q", style)
	}
	return c, c.check()
}

// check finds out what is wrong with the options.
func (c Config) check() error {
	if c.Endpoint != "" {
		u, err := url.Parse(c.Endpoint)
		if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil || strings.Trim(u.Path, "/") != "" {
			return fmt.Errorf("s3: the endpoint is like https://s3.example.org:9000, not %q", c.Endpoint)
		}
	}
	switch c.Encryption {
	case "", "AES256", "aws:kms":
	default:
		return fmt.Errorf("s3: the encryption is AES256 or aws:kms, not %q", c.Encryption)
	}
	if c.KMSKey != "" && c.Encryption != "aws:kms" {
		return errors.New("s3: a kms-key needs sse=aws:kms")
	}
	return nil
}

// server returns the host to talk to, and whether over TLS.
func (c Config) server() (host string, secure bool) {
	if c.Endpoint == "" {
		return "s3.amazonaws.com", true
	}
	scheme, rest, _ := strings.Cut(c.Endpoint, "://")
	return strings.TrimRight(rest, "/"), scheme == "https"
}
