package app

import (
	"cmp"

	"github.com/antiphon-music/antiphon/internal/account"
	"github.com/antiphon-music/antiphon/internal/identity/clerk"
	"github.com/antiphon-music/antiphon/internal/identity/oidc"
	"github.com/antiphon-music/antiphon/internal/transport/kit"
)

// buildClerk returns the instance of Clerk whose tokens let people in, or nil. It
// is asked nothing yet.
func (a *App) buildClerk() (account.Outside, error) {
	c := a.Config
	if !c.HasClerk() {
		return nil, nil
	}
	pem, err := c.ClerkPEM()
	if err != nil {
		return nil, err
	}
	return clerk.New(clerk.Config{
		Issuer: c.ClerkIssuer, PublishableKey: c.ClerkPublishableKey, PublicKey: pem, JWKSURL: c.ClerkJWKSURL,
		SecretKey: c.ClerkSecretKey, APIURL: c.ClerkAPIURL, AuthorizedParties: c.ClerkAuthorizedParty,
		Skew: clerk.DefaultSkew, Now: a.now, Log: a.Log,
	})
}

// buildProviders returns where else people may sign in. They are asked nothing
// yet.
func (a *App) buildProviders() []*oidc.Provider {
	c := a.Config
	if !c.HasOIDC() {
		return nil
	}
	return []*oidc.Provider{oidc.New(oidc.Config{
		Name: c.OIDCName, Label: cmp.Or(c.OIDCLabel, c.OIDCName), Issuer: c.OIDCIssuer,
		ClientID: c.OIDCClientID, ClientSecret: c.OIDCClientSecret, Scopes: c.OIDCScopes,
		GroupsClaim: c.OIDCGroupsClaim, AdminGroup: c.OIDCAdminGroup, EditorGroup: c.OIDCEditorGroup, Now: a.now,
	})}
}

// policy returns who may get an account by himself.
func (a *App) policy() account.Policy {
	registration, _ := account.ParseRegistration(a.Config.Registration) // it is one of the names, which were checked
	return account.Policy{Registration: registration, Domains: a.Config.AllowedDomain}
}

// identifier finds out who asks. Clerk's instances for development want one
// cookie more than others.
func (a *App) identifier() kit.Identifier {
	return kit.Identifier{Accounts: a.Accounts, ClerkBrowser: clerk.Development(a.Config.ClerkPublishableKey)}
}
