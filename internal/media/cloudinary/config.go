package cloudinary

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"
)

// Config says in which account the blobs are.
type Config struct {
	Cloud    string // the account's name
	Prefix   string // of the public ids: "" or a path that ends in a slash
	API      string // the address of the API; "" is Cloudinary's
	Delivery string // the address from which files are fetched; "" is Cloudinary's

	Key, Secret string // the account's API key

	Patience time.Duration // how long the server may be silent; 0 is [remote.Patience]
}

// Scheme begins the locations that Parse reads.
const Scheme = "cloudinary://"

// Parse reads a location:
//
//	cloudinary://CLOUD/PREFIX?api=URL&delivery=URL
//
// All but the cloud may be left out. The two addresses are for accounts with
// servers of their own.
func Parse(location string) (Config, error) {
	u, err := url.Parse(location)
	if err != nil || u.Scheme+"://" != Scheme || u.Host == "" || u.User != nil || u.Fragment != "" {
		return Config{}, errors.New("cloudinary: a location is like cloudinary://CLOUD/PREFIX, without keys")
	}
	c := Config{Cloud: u.Host}
	if p := strings.Trim(u.Path, "/"); p != "" {
		c.Prefix = p + "/"
	}
	query, err := url.ParseQuery(u.RawQuery)
	if err != nil {
		return Config{}, fmt.Errorf("cloudinary: the location's options: %w", err)
	}
	for name, values := range query {
		switch name {
		case "api":
			c.API = values[0]
		case "delivery":
			c.Delivery = values[0]
		default:
			return Config{}, fmt.Errorf("cloudinary: a location has no option %q: it has api and delivery", name)
		}
	}
	return c, c.check()
}

// plain are the characters that a prefix may have: a public id has others only
// by an escaping of its own.
const plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./"

// check finds out what is wrong with the options.
func (c Config) check() error {
	if strings.Trim(c.Prefix, plain) != "" {
		return errors.New("cloudinary: the path of a location has letters without accents, digits and -_./")
	}
	for name, address := range map[string]string{"api": c.API, "delivery": c.Delivery} {
		u, err := url.Parse(address)
		if address != "" && (err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "") {
			return fmt.Errorf("cloudinary: the option %s is an address, not %q", name, address)
		}
	}
	return nil
}
