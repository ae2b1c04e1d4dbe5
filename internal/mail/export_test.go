package mail

import (
	"crypto/tls"

	gomail "github.com/wneessen/go-mail"
)

// Trust has a Sender believe in the certificates of a test.
func (s *SMTP) Trust(c *tls.Config) {
	c = c.Clone()
	c.ServerName = s.host
	s.options = append(s.options, gomail.WithTLSConfig(c))
}
