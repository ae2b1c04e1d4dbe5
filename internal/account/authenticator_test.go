package account_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"testing"

	"github.com/fxamacker/cbor/v2"

	"github.com/antiphon-music/antiphon/internal/account"
)

// authenticator is a security key in software: ES256, without attestation, as
// https://www.w3.org/TR/webauthn-3/ has it.
type authenticator struct {
	site    account.Site
	key     *ecdsa.PrivateKey
	id      []byte
	counter uint32
}

func newAuthenticator(t *testing.T, site account.Site) *authenticator {
	id := make([]byte, 16)
	_, _ = rand.Read(id)
	return &authenticator{site: site, key: must(ecdsa.GenerateKey(elliptic.P256(), rand.Reader))(t), id: id}
}

func b64(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

// clientData is what the browser says of a ceremony.
func (a *authenticator) clientData(t *testing.T, kind string, options json.RawMessage) []byte {
	t.Helper()
	var o struct {
		PublicKey struct{ Challenge string }
	}
	if err := json.Unmarshal(options, &o); err != nil || o.PublicKey.Challenge == "" {
		t.Fatalf("options %s: %v", options, err)
	}
	return must(json.Marshal(map[string]any{"type": kind, "challenge": o.PublicKey.Challenge, "origin": a.site.Origin}))(t)
}

const (
	userPresent  = 1
	userVerified = 4
	withKey      = 64
)

func (a *authenticator) data(flags byte) []byte {
	a.counter++
	host := sha256.Sum256([]byte(a.site.Host))
	return binary.BigEndian.AppendUint32(append(host[:], flags|userPresent|userVerified), a.counter)
}

// create answers a registration.
func (a *authenticator) create(t *testing.T, options json.RawMessage) []byte {
	t.Helper()
	public := must(a.key.PublicKey.Bytes())(t) // 4, x, y
	cose := must(cbor.Marshal(map[int]any{1: 2, 3: -7, -1: 1, -2: public[1:33], -3: public[33:]}))(t)
	data := append(a.data(withKey), make([]byte, 16)...) // of no model
	data = binary.BigEndian.AppendUint16(data, uint16(len(a.id)))
	data = append(append(data, a.id...), cose...)
	attestation := must(cbor.Marshal(map[string]any{"fmt": "none", "attStmt": map[string]any{}, "authData": data}))(t)
	return must(json.Marshal(map[string]any{
		"id": b64(a.id), "rawId": b64(a.id), "type": "public-key",
		"response": map[string]any{
			"clientDataJSON":    b64(a.clientData(t, "webauthn.create", options)),
			"attestationObject": b64(attestation),
		},
	}))(t)
}

// get answers a use.
func (a *authenticator) get(t *testing.T, options json.RawMessage) []byte {
	t.Helper()
	client := a.clientData(t, "webauthn.get", options)
	data := a.data(0)
	hash := sha256.Sum256(client)
	digest := sha256.Sum256(append(data[:len(data):len(data)], hash[:]...))
	signature := must(ecdsa.SignASN1(rand.Reader, a.key, digest[:]))(t)
	return must(json.Marshal(map[string]any{
		"id": b64(a.id), "rawId": b64(a.id), "type": "public-key",
		"response": map[string]any{
			"clientDataJSON": b64(client), "authenticatorData": b64(data), "signature": b64(signature),
		},
	}))(t)
}
