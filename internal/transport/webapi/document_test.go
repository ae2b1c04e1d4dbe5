package webapi_test

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"
)

// The app's types are made from these names.
func TestNamesOfTheDocument(t *testing.T) {
	var doc struct {
		Paths      map[string]map[string]json.RawMessage
		Components struct{ Schemas map[string]json.RawMessage }
	}
	if err := json.Unmarshal(newServer(t).doc.Document(), &doc); err != nil {
		t.Fatal(err)
	}
	want := "WebAddedPasskey WebAddress WebAlbum WebAlbumPage WebAlbumSongs WebArtist WebArtistPage WebArtistWorks WebCeremony WebChallenge " +
		"WebCode WebConfirmed WebConversation WebConversationPage WebCredentials WebElsewhere WebFactors WebFailure WebFieldProblem WebHome WebIdentity WebInvitation WebLinkKey WebLinking WebMe " +
		"WebMessage WebNewMessage WebNewPassword WebNewTOTP WebPasskey WebPasskeyAnswer WebPasswordChange WebPerson WebPersonPage WebPresent " +
		"WebProblem WebProfile WebProfileForm WebProvider WebReadState WebReadUpTo WebRecovery WebRegistration WebSearchResult WebSecondFactor " +
		"WebSession WebSignIn WebSignInOptions WebSong WebSongPage"
	if got := strings.Join(slices.Sorted(maps.Keys(doc.Components.Schemas)), " "); got != want {
		t.Errorf("schemas %s, want %s", got, want)
	}
	if _, ok := doc.Paths["/web/api/artists/{name}"]["get"]; !ok {
		t.Errorf("paths %v", slices.Sorted(maps.Keys(doc.Paths)))
	}
}
