package config

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/antiphon-music/antiphon/internal/secret"
)

// Keys returns the keys that seal and sign: of the setting, or else of a file in
// the data folder, which is made if there is none.
func (c *Config) Keys() (*secret.Keys, error) {
	if c.SecretKey != "" {
		return secret.Parse(c.SecretKey)
	}
	return secret.Load(c.KeyFile())
}

// KeyFile is where the master key is that is no setting.
func (c *Config) KeyFile() string { return filepath.Join(c.Data, "secret.key") }

// StoredKey returns the master key in the data folder in hexadecimal, "" if it is
// a setting.
func (c *Config) StoredKey() (string, error) {
	if c.SecretKey != "" {
		return "", nil
	}
	text, err := os.ReadFile(c.KeyFile())
	if err != nil {
		return "", fmt.Errorf("the secret key: %w", err)
	}
	return strings.TrimSpace(string(text)), nil
}

func (c *Config) checkSecret() error {
	if c.SecretKey == "" {
		if c.Clustered() {
			return errors.New("secret-key: several nodes need the same one, such as openssl rand -hex 32 prints")
		}
		return nil
	}
	if _, err := secret.Parse(c.SecretKey); err != nil {
		return errors.New("secret-key: it is 64 hexadecimal digits, such as openssl rand -hex 32 prints")
	}
	return nil
}
