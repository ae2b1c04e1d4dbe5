package config

import (
	"errors"
	"path/filepath"

	"github.com/antiphon-music/antiphon/internal/secret"
)

// Keys returns the keys that seal and sign: of the setting, or else of a file in
// the data folder, which is made if there is none.
func (c *Config) Keys() (*secret.Keys, error) {
	if c.SecretKey != "" {
		return secret.Parse(c.SecretKey)
	}
	return secret.Load(filepath.Join(c.Data, "secret.key"))
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
