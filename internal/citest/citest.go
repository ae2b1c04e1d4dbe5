// Package citest is for tests that want something that not every machine has,
// such as a database server or a browser.
package citest

import (
	"os"
	"testing"
)

// Missing ends a test for want of something: it fails where CI=true, since CI
// has everything, and is skipped with the sentence elsewhere. No other code of
// the project skips a test.
func Missing(t testing.TB, sentence string) {
	t.Helper()
	if os.Getenv("CI") == "true" {
		t.Fatal(sentence)
	}
	t.Skip(sentence)
}
