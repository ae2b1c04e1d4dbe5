package config

import (
	"errors"
	"fmt"
	"net"
	"net/mail"
	"strings"
)

// checkMail checks what can be told without the mail server, which looks at the
// rest of its address.
func (c *Config) checkMail() error {
	var wrong []error
	if (c.SMTPURL == "") != (c.MailFrom == "") {
		wrong = append(wrong, errors.New("smtp-url, mail-from: one is nothing without the other"))
	}
	if c.SMTPURL != "" && !strings.HasPrefix(c.SMTPURL, "smtp://") {
		// The whole of it would show the password.
		wrong = append(wrong, errors.New("smtp-url: it starts with smtp://"))
	}
	if _, err := mail.ParseAddress(c.MailFrom); c.MailFrom != "" && err != nil {
		wrong = append(wrong, fmt.Errorf("mail-from: %q is no sender such as Antiphon <music@example.org>", c.MailFrom))
	}
	return errors.Join(wrong...)
}

// Home returns where people reach the web app, without a slash at the end: the
// public URL, or else the address that is listened on. It goes into mails, so
// that no request has a say in it.
func (c *Config) Home() string {
	if c.PublicURL != "" {
		return strings.TrimRight(c.PublicURL, "/")
	}
	host, port, err := net.SplitHostPort(c.Listen)
	if ip := net.ParseIP(host); err != nil || host == "" || ip != nil && ip.IsUnspecified() {
		host = "localhost"
	}
	return "http://" + net.JoinHostPort(host, port)
}
