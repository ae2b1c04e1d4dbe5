// Package config holds every setting of the program: one struct, filled from
// flags, then the environment, then a file, then defaults, and checked once.
package config

import (
	"errors"
	"fmt"
	"net"
	"net/mail"
	"net/netip"
	"net/url"
	"path/filepath"
	"strings"
	"time"

	"github.com/dustin/go-humanize"
)

// Config is the configuration. The tags are kong's: a field --like-this can
// also be set by ANTIPHON_LIKE_THIS, or by like-this (or like_this) in the
// file.
type Config struct {
	Listen        string   `default:"127.0.0.1:8080" group:"serving" placeholder:"ADDRESS" help:"Address to serve on; ':8080' is reachable from other machines."`
	PublicURL     string   `default:"" group:"serving" placeholder:"URL" help:"Address at which clients reach the server, such as https://music.example.org; otherwise each request's Host header is believed."`
	AllowedOrigin []string `default:"http://localhost:3000,http://127.0.0.1:3000" group:"serving" placeholder:"ORIGIN" help:"Web origins whose pages may use the API, besides the server's own; the first is the main one."`
	TrustedProxy  []string `default:"127.0.0.0/8,::1/128" group:"serving" placeholder:"NETWORK" help:"Networks whose X-Forwarded-Proto and X-Forwarded-For headers are believed."`
	MetricsListen string   `default:"" group:"serving" placeholder:"ADDRESS" help:"Address for /metrics on a listener of its own; otherwise /metrics is for admins."`
	NodeAPI       bool     `default:"true" negatable:"" group:"serving" help:"Serve the Node dialect."`
	DjangoAPI     bool     `default:"true" negatable:"" group:"serving" help:"Serve the Django dialect."`
	WebApp        bool     `default:"true" negatable:"" group:"serving" help:"Serve the web app, with its player and its admin panel; without it the server is for other clients."`

	Data           string `default:"data" group:"storage" placeholder:"FOLDER" help:"Folder for everything that is stored."`
	Database       string `default:"" group:"storage" placeholder:"URL" help:"sqlite:PATH or postgres://USER:PASSWORD@HOST/NAME; antiphon.db in the data folder by default."`
	Media          string `default:"" group:"storage" placeholder:"PLACE" help:"Where uploaded files are kept: a folder, s3://BUCKET/PREFIX?endpoint=URL or cloudinary://CLOUD/PREFIX; media in the data folder by default."`
	MediaKey       string `default:"" group:"storage" placeholder:"KEY" help:"Access key for media that are kept elsewhere."`
	MediaSecret    string `default:"" group:"storage" placeholder:"SECRET" secret:"" help:"The secret that belongs to it."`
	MediaCache     Size   `default:"1GiB" group:"storage" placeholder:"SIZE" help:"How much of what is kept in S3 or Cloudinary has a copy in the data folder, so that it need not come from there each time; 0 for nothing."`
	MediaDelivery  string `default:"proxy" enum:"proxy,redirect" group:"storage" help:"How files come from S3: proxy, through the server, or redirect, straight from there."`
	MediaPublicURL string `default:"" group:"storage" placeholder:"URL" help:"A CDN or cache under whose address clients find /media/, such as https://cdn.example.org; otherwise they find it at the server itself."`

	RecoveryWindow time.Duration `default:"2m" group:"realtime" placeholder:"DURATION" help:"How long a realtime client that lost its connection may take to come back and miss nothing; 0 switches this off."`
	RecoveryMemory Size          `default:"32MiB" group:"realtime" placeholder:"SIZE" help:"How much of what was sent is kept for that, for all clients together."`

	Bus  string `default:"" group:"nodes" placeholder:"URL" help:"By what several nodes on one PostgreSQL hear of each other: postgres for the database itself, or nats://USER:PASSWORD@HOST:PORT/PREFIX; without one the node is alone."`
	Node string `default:"" group:"nodes" placeholder:"NAME" help:"What this node is called, in the log and among the others; the machine's name and a number by default."`

	Private     bool   `default:"false" group:"accounts" help:"Show nothing to whoever is not signed in, and let files be fetched by signed addresses alone."`
	AdminEmail  string `default:"" group:"accounts" placeholder:"EMAIL" help:"Whoever has proved to own this address is an admin."`
	AdminFactor bool   `default:"false" group:"accounts" help:"Let admins, editors and viewers have their rights only with a second factor."`
	SecretKey   string `default:"" group:"accounts" placeholder:"HEX" secret:"" help:"64 hexadecimal digits that seal secrets and sign links, the same on all nodes; secret.key in the data folder by default."`

	Registration  string   `default:"open" enum:"open,invite,closed" group:"sign-in" help:"Who may get an account by himself: everybody (open), whom an admin has invited (invite), or nobody (closed)."`
	AllowedDomain []string `default:"" group:"sign-in" placeholder:"DOMAIN" help:"Domains of e-mail addresses that may register; who is invited need have none of them."`

	ClerkIssuer          string   `default:"" group:"sign-in" placeholder:"URL" help:"Instance of Clerk whose session tokens let people in, such as https://clerk.example.org; otherwise the one of the publishable key."`
	ClerkPublishableKey  string   `default:"" group:"sign-in" placeholder:"KEY" help:"Clerk's publishable key, pk_live_…, which names the instance."`
	ClerkSecretKey       string   `default:"" group:"sign-in" placeholder:"KEY" secret:"" help:"Clerk's secret key, with which its backend is asked once for each new user's name and e-mail address."`
	ClerkPublicKey       string   `default:"" group:"sign-in" placeholder:"PEM" help:"The key that Clerk signs with, in PEM or as a file; otherwise the keys are fetched."`
	ClerkJWKSURL         string   `name:"clerk-jwks-url" default:"" group:"sign-in" placeholder:"URL" help:"Where they are fetched; below the issuer by default."`
	ClerkAPIURL          string   `name:"clerk-api-url" default:"" group:"sign-in" placeholder:"URL" help:"Clerk's backend; https://api.clerk.com by default."`
	ClerkAuthorizedParty []string `default:"" group:"sign-in" placeholder:"ORIGIN" help:"Web origins for whose pages Clerk's tokens have to be made; any by default."`

	OIDCName         string   `name:"oidc-name" default:"sso" group:"sign-in" placeholder:"NAME" help:"What a provider of OpenID Connect is called in paths and in the database: its callback is /web/api/oidc/NAME/callback."`
	OIDCLabel        string   `name:"oidc-label" default:"Single sign-on" group:"sign-in" placeholder:"TEXT" help:"What its button says."`
	OIDCIssuer       string   `name:"oidc-issuer" default:"" group:"sign-in" placeholder:"URL" help:"Its address, exactly as it calls itself, such as https://login.example.org/realms/music; without one there is no provider."`
	OIDCClientID     string   `name:"oidc-client-id" default:"" group:"sign-in" placeholder:"ID" help:"What it calls this server."`
	OIDCClientSecret string   `name:"oidc-client-secret" default:"" group:"sign-in" placeholder:"SECRET" secret:"" help:"The secret that belongs to it; without one, PKCE alone protects the sign-in."`
	OIDCScopes       []string `name:"oidc-scopes" default:"openid,profile,email" group:"sign-in" placeholder:"SCOPE" help:"What it is asked about people."`
	OIDCGroupsClaim  string   `name:"oidc-groups-claim" default:"groups" group:"sign-in" placeholder:"CLAIM" help:"Where it says in which groups somebody is."`
	OIDCAdminGroup   string   `name:"oidc-admin-group" default:"" group:"sign-in" placeholder:"GROUP" help:"The group whose members are admins; with this or the next, the provider decides at each sign-in who has which role."`
	OIDCEditorGroup  string   `name:"oidc-editor-group" default:"" group:"sign-in" placeholder:"GROUP" help:"The group whose members are editors."`

	SMTPURL  string `name:"smtp-url" default:"" group:"mail" placeholder:"URL" help:"Mail server, smtp://USER:PASSWORD@HOST:PORT?tls=starttls (or tls, or none); without one, mails that somebody asks for are written to the log."`
	MailFrom string `default:"" group:"mail" placeholder:"SENDER" help:"Whom mails come from, such as 'Antiphon <music@example.org>'."`

	AudioLimit Size          `default:"200MiB" group:"uploads" placeholder:"SIZE" help:"Greatest size of an audio file."`
	ImageLimit Size          `default:"10MiB" group:"uploads" placeholder:"SIZE" help:"Greatest size of an image file."`
	MaxPixels  int64         `default:"50000000" group:"uploads" help:"Greatest width times height of an image."`
	CleanEvery time.Duration `default:"1h" group:"uploads" placeholder:"DURATION" help:"How often files that nothing refers to are removed."`

	LogLevel  string `default:"info" enum:"debug,info,warn,error" group:"logging" help:"Least level that is logged (debug, info, warn, error); debug shows every request."`
	LogFormat string `default:"auto" enum:"auto,text,json" group:"logging" help:"text, json, or auto: text on a terminal."`
}

// Size is a number of bytes, written like "200MiB".
type Size int64

// UnmarshalText reads "200MiB", "1 GB" or a plain number of bytes.
func (s *Size) UnmarshalText(text []byte) error {
	n, err := humanize.ParseBytes(string(text))
	if err != nil || n > 1<<50 {
		return fmt.Errorf("%q is no size such as 200MiB", text)
	}
	*s = Size(n)
	return nil
}

// String returns the size with a binary unit.
func (s Size) String() string { return strings.ReplaceAll(humanize.IBytes(uint64(s)), " ", "") }

// Validate checks what the types alone do not. kong calls it after parsing.
func (c *Config) Validate() error {
	_, errURL := c.Public()
	_, errProxies := c.Proxies()
	_, errMediaURL := c.PublicMedia()
	return errors.Join(c.checkAddresses(), errURL, errProxies, errMediaURL, checkOrigins("allowed-origin", c.AllowedOrigin),
		c.checkDatabase(), c.checkMedia(), c.checkBus(), c.checkSecret(), c.checkMail(),
		c.checkDomains(), c.checkClerk(), c.checkOIDC(), c.checkNumbers())
}

func (c *Config) checkAddresses() error {
	var wrong []error
	if _, _, err := net.SplitHostPort(c.Listen); err != nil {
		wrong = append(wrong, fmt.Errorf("listen: %q is no address such as 127.0.0.1:8080 or :8080", c.Listen))
	}
	if _, _, err := net.SplitHostPort(c.MetricsListen); c.MetricsListen != "" && err != nil {
		wrong = append(wrong, fmt.Errorf("metrics-listen: %q is no address such as 127.0.0.1:9090", c.MetricsListen))
	}
	if a, err := mail.ParseAddress(c.AdminEmail); c.AdminEmail != "" && (err != nil || a.Address != c.AdminEmail) {
		wrong = append(wrong, fmt.Errorf("admin-email: %q is no e-mail address", c.AdminEmail))
	}
	return errors.Join(wrong...)
}

// Public returns the public URL, or nil if there is none.
func (c *Config) Public() (*url.URL, error) {
	if c.PublicURL == "" {
		return nil, nil
	}
	u, err := url.Parse(c.PublicURL)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" || u.User != nil ||
		strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "" {
		return nil, fmt.Errorf("public-url: %q is no address such as https://music.example.org", c.PublicURL)
	}
	return u, nil
}

// Proxies returns the networks of the trusted proxies.
func (c *Config) Proxies() ([]netip.Prefix, error) {
	var list []netip.Prefix
	for _, text := range c.TrustedProxy {
		if addr, err := netip.ParseAddr(text); err == nil {
			addr = addr.Unmap()
			list = append(list, netip.PrefixFrom(addr, addr.BitLen()))
			continue
		}
		p, err := netip.ParsePrefix(text)
		if err != nil {
			return nil, fmt.Errorf("trusted-proxy: %q is no network such as 10.0.0.0/8", text)
		}
		list = append(list, p)
	}
	return list, nil
}

func checkOrigins(setting string, origins []string) error {
	for _, o := range origins {
		u, err := url.Parse(o)
		if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" || u.Scheme+"://"+u.Host != o {
			return fmt.Errorf("%s: %q is no origin such as https://app.example.org", setting, o)
		}
	}
	return nil
}

func (c *Config) checkDatabase() error {
	scheme, _, _ := strings.Cut(c.DatabaseURL(), ":")
	switch scheme {
	case "sqlite", "postgres", "postgresql":
		return nil
	}
	return fmt.Errorf("database: it starts with sqlite: or postgres://, not %q", scheme)
}

func (c *Config) checkNumbers() error {
	var wrong []error
	atLeastOne := func(name string, n int64) {
		if n < 1 {
			wrong = append(wrong, fmt.Errorf("%s: it must be at least 1", name))
		}
	}
	atLeastOne("audio-limit", int64(c.AudioLimit))
	atLeastOne("image-limit", int64(c.ImageLimit))
	atLeastOne("max-pixels", c.MaxPixels)
	if c.CleanEvery < time.Second {
		wrong = append(wrong, errors.New("clean-every: it must be at least 1s"))
	}
	if c.RecoveryWindow < 0 {
		wrong = append(wrong, errors.New("recovery-window: it must not be negative"))
	}
	if c.RecoveryWindow > 0 {
		atLeastOne("recovery-memory", int64(c.RecoveryMemory))
	}
	if !c.NodeAPI && !c.DjangoAPI {
		wrong = append(wrong, errors.New("node-api, django-api: at least one dialect must be served"))
	}
	return errors.Join(wrong...)
}

// DatabaseURL returns where the database is.
func (c *Config) DatabaseURL() string {
	if c.Database != "" {
		return c.Database
	}
	return "sqlite:" + filepath.Join(c.Data, "antiphon.db")
}
