package adminapi

import (
	"fmt"
	"testing"
	"time"

	"github.com/antiphon-music/antiphon/internal/account"
)

// An admin invites somebody, sends the link again, and takes it back.
func TestInvitations(t *testing.T) {
	s := open(t)
	added := s.do(t, "admin", "POST", "invitations", `{"email":"eve@example.com","role":"editor"}`)
	added.want(t, 201, map[string]string{
		"label": "eve@example.com", "values.email": "eve@example.com", "values.role": "editor", "values.inviter": "admin@example.org",
		"values.state": "open", "can.change": "false", "can.delete": "true",
	})
	mail := account.MailJob{Kind: account.MailInvite, Email: "eve@example.com"}
	if sent := s.Mails.Take(); len(sent) != 1 || sent[0] != mail {
		t.Errorf("mails %+v", sent)
	}
	s.do(t, "admin", "GET", "invitations", nil).want(t, 200, map[string]string{
		"total": "1", "rows.0.values.email": "eve@example.com", "rows.0.values.state": "open",
	})
	s.do(t, "admin", "GET", "invitations/facets", nil).want(t, 200, map[string]string{"role.0.value": "editor", "role.0.label": "Editor"})

	s.Clock.Set(s.Clock.Now().Add(8 * 24 * time.Hour))
	s.do(t, "admin", "GET", "invitations", nil).want(t, 200, map[string]string{"rows.0.values.state": "expired"})
	chosen := fmt.Sprintf(`{"ids":[%s]}`, added.at("id"))
	s.do(t, "admin", "POST", "invitations/actions/send_again", chosen).want(t, 200, map[string]string{"done": "1"})
	if sent := s.Mails.Take(); len(sent) != 1 || sent[0] != mail {
		t.Errorf("mails %+v", sent)
	}
	s.do(t, "admin", "GET", "invitations", nil).want(t, 200, map[string]string{"total": "1", "rows.0.values.state": "open"})

	s.do(t, "admin", "POST", "invitations/actions/delete", chosen).want(t, 200, map[string]string{"done": "1"})
	s.do(t, "admin", "GET", "invitations", nil).want(t, 200, map[string]string{"total": "0"})
	s.do(t, "admin", "GET", "log?model=invitations", nil).want(t, 200, map[string]string{
		"total": "3", "rows.0.values.action": "deleted", "rows.0.values.object": "eve@example.com",
	})
}

func TestInvitationsRefused(t *testing.T) {
	s := open(t)
	for _, tt := range []struct {
		body, fields string
		status       int
	}{
		{`{}`, "email required", 400},
		{`{"email":"nobody"}`, "email malformed", 400},
		{`{"email":"eve@example.com","role":"owner"}`, "role unknown", 400},
		{`{"email":"VIEWER@example.org"}`, "email taken", 409},
	} {
		if got := s.do(t, "admin", "POST", "invitations", tt.body); got.status != tt.status || got.fields() != tt.fields {
			t.Errorf("%s: %d %s, want %d %s", tt.body, got.status, got.fields(), tt.status, tt.fields)
		}
	}
	if sent := s.Mails.Take(); len(sent) > 0 {
		t.Errorf("mails %+v", sent)
	}
}
