package ops

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"strings"
	"testing"
)

func TestSecretsAreHidden(t *testing.T) {
	for _, asJSON := range []bool{false, true} {
		var out bytes.Buffer
		log := NewLogger(&out, slog.LevelInfo, asJSON).With("Authorization", "s3cret")
		log.Info("sign in", "new_password", "s3cret", "Set-Cookie", "s3cret", "token", "s3cret",
			slog.Group("client", "secret", "s3cret", "csrftoken", "s3cret"), "tokens", 3, "email", "mira@example.org")
		if text := out.String(); strings.Contains(text, "s3cret") || strings.Count(text, "[hidden]") != 6 || !strings.Contains(text, "mira@example.org") {
			t.Errorf("logged: %s", text)
		}
	}
}

func TestLogHasTheRequestID(t *testing.T) {
	ctx := context.WithValue(context.Background(), requestIDKey{}, "id-1")
	var out bytes.Buffer
	log := NewLogger(&out, slog.LevelInfo, true)
	log.DebugContext(ctx, "too quiet")
	log.With("a", 1).WarnContext(ctx, "in\na request")
	log.InfoContext(context.Background(), "in none")
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	if len(lines) != 2 {
		t.Fatalf("logged: %s", out.String())
	}
	for i, want := range []any{"id-1", nil} {
		var got map[string]any
		if err := json.Unmarshal([]byte(lines[i]), &got); err != nil || got["request_id"] != want {
			t.Errorf("%s, %v", lines[i], err)
		}
	}
}

// What a client sends cannot make up a line of the log.
func TestLogLines(t *testing.T) {
	for _, asJSON := range []bool{false, true} {
		var out bytes.Buffer
		NewLogger(&out, slog.LevelInfo, asJSON).Info("upload", "name", "a\nlevel=ERROR msg=\"forged\"\r\n\x1b[31m\u2028")
		if text := strings.TrimSuffix(out.String(), "\n"); strings.ContainsAny(text, "\r\n\x1b\u2028") {
			t.Errorf("logged: %q", text)
		}
	}
}
