package app

import (
	"context"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/antiphon-music/antiphon/internal/account"
	"github.com/antiphon-music/antiphon/internal/citest"
	"github.com/antiphon-music/antiphon/internal/store/storetest"
)

// webTests is where the tests of the web app are; setup.sh installs there what
// they need.
const webTests = "../../web"

// TestWebApp goes through the web app in a browser, as people would: on both
// engines, on a wide screen and on a phone.
func TestWebApp(t *testing.T) {
	node, err := exec.LookPath("node")
	if err != nil {
		citest.Missing(t, "Node.js is not installed: the web app is not tested")
	}
	chromium, err := exec.LookPath("chromium")
	if err != nil {
		citest.Missing(t, "Chromium is not installed: the web app is not tested")
	}
	if _, err := os.Stat(filepath.Join(webTests, "node_modules")); err != nil {
		citest.Missing(t, "what the tests of the web app need is not installed: run npm ci in web")
	}
	for _, engine := range []string{"sqlite", "postgres"} {
		for _, size := range []string{"desktop", "phone"} {
			t.Run(engine+"/"+size, func(t *testing.T) {
				database, dir := storetest.URL(t, engine), t.TempDir()
				addWebAdmin(t, database, dir)
				server := startProcess(t, database, dir)
				args := []string{"e2e/walk.mjs", server.base, size}
				if engine == "sqlite" { // the views are the same on both
					args = append(args, "axe")
				}
				command := exec.CommandContext(t.Context(), node, args...)
				command.Dir = webTests
				command.Env = append(os.Environ(), "ANTIPHON_CHROMIUM="+chromium)
				if out, err := command.CombinedOutput(); err != nil {
					t.Errorf("%v\n%s\n%s", err, out, server.output())
				}
				server.stop()
			})
		}
	}
}

// addWebAdmin makes the admin as whom walk.mjs signs in.
func addWebAdmin(t *testing.T, database, dir string) {
	t.Helper()
	a, err := New(context.Background(), testConfig(database, dir), slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	_, err = a.Accounts.Create(context.Background(), account.Operator(), account.NewUser{
		Email: "ada@example.org", FullName: "Ada Admin", Password: "correct-horse-1", Role: account.Administrator, Verified: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
}
