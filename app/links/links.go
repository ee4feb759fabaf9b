// Package links makes and opens signed links: a purpose and a row's id under an HMAC-SHA-256, so that a link can be
// made again for a resend, opens nothing but what it was made for, and needs no table. The key comes from the
// environment or is made at first start and kept in the database.
package links

import (
	"context"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"hash"
	"io"
	"strings"
	"sync"

	"conversations/app/database"
	"conversations/app/fault"
)

// macBytes is how much of the HMAC a link carries: 128 bits cannot be guessed and still fit a line of a mail.
const macBytes = 16

// Signer makes links under one base address and one key.
type Signer struct {
	base string
	key  []byte
	macs sync.Pool // of hash.Hash under the key: a letter to many has three tokens for each recipient
}

// New returns a signer for absolute links under base ("https://example.org", no slash at the end).
// Where key is empty the database's own is used, made once.
func New(ctx context.Context, db *database.DB, base, key string) (*Signer, error) {
	secret := []byte(key)
	if key == "" {
		var err error
		if secret, err = storedKey(ctx, db); err != nil {
			return nil, err
		}
	}
	return &Signer{
		base: strings.TrimRight(base, "/"), key: secret, macs: sync.Pool{New: func() any { return hmac.New(sha256.New, secret) }},
	}, nil
}

func storedKey(ctx context.Context, db *database.DB) (key []byte, err error) {
	fresh := make([]byte, 32)
	_, _ = rand.Read(fresh) // never fails
	err = db.Write(ctx, func(tx *database.Tx) error {
		const add = `INSERT INTO keys (name, value, created_at) VALUES ('links', ?, ?) ON CONFLICT (name) DO NOTHING`
		if err := tx.Exec(add, fresh, tx.Now()).Error; err != nil {
			return err
		}
		return tx.Row(`SELECT value FROM keys WHERE name = 'links'`).Scan(&key)
	})
	if err != nil {
		return nil, fmt.Errorf("keep the key for links: %w", err)
	}
	return key, nil
}

// URL is the absolute address of a path on this site.
func (s *Signer) URL(path string) string { return s.base + path }

// Token signs a row's id for one purpose ("booking").
func (s *Signer) Token(purpose string, id int64) string {
	body := binary.AppendVarint(nil, id)
	return base64.RawURLEncoding.EncodeToString(append(body, s.mac(purpose, body)...))
}

// Open gives the id back, or a NotFound fault where the token was not made by Token for this purpose.
func (s *Signer) Open(purpose, token string) (id int64, err error) {
	raw, err := base64.RawURLEncoding.Strict().DecodeString(token)
	if err != nil || len(raw) <= macBytes {
		return 0, notFound()
	}
	body, mac := raw[:len(raw)-macBytes], raw[len(raw)-macBytes:]
	id, n := binary.Varint(body)
	if n != len(body) || !hmac.Equal(mac, s.mac(purpose, body)) {
		return 0, notFound()
	}
	return id, nil
}

// codes are letters and digits that survive a change of case.
var codes = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

// codeMacBytes is how much of the HMAC a code carries: 80 bits, for what opens nothing by itself.
const codeMacBytes = 10

// Code is a short Token in small letters and digits, for where the case of letters is not kept: the address that a
// delivery report comes back to.
func (s *Signer) Code(purpose string, id int64) string {
	body := binary.AppendVarint(nil, id)
	return codes.EncodeToString(append(body, s.mac("code:"+purpose, body)[:codeMacBytes]...))
}

// OpenCode gives the id back, or a NotFound fault where the code was not made by Code for this purpose.
func (s *Signer) OpenCode(purpose, code string) (id int64, err error) {
	raw, err := codes.DecodeString(strings.ToLower(code))
	if err != nil || len(raw) <= codeMacBytes {
		return 0, notFound()
	}
	body, mac := raw[:len(raw)-codeMacBytes], raw[len(raw)-codeMacBytes:]
	id, n := binary.Varint(body)
	if n != len(body) || !hmac.Equal(mac, s.mac("code:"+purpose, body)[:codeMacBytes]) {
		return 0, notFound()
	}
	return id, nil
}

// Hash is a keyed hash of a value, hex, for recognising it again without keeping it.
func (s *Signer) Hash(purpose, value string) string {
	return fmt.Sprintf("%x", s.mac("hash:"+purpose, []byte(value)))
}

// Key derives a 32-byte key for another use (RFC 5869), so that one secret serves all.
func (s *Signer) Key(purpose string) []byte {
	key, err := hkdf.Key(sha256.New, s.key, nil, "conversations:"+purpose, 32)
	if err != nil { // only for lengths that 32 is not
		panic(err)
	}
	return key
}

func (s *Signer) mac(purpose string, body []byte) []byte {
	h := s.macs.Get().(hash.Hash)
	defer s.macs.Put(h)
	h.Reset()
	_, _ = io.WriteString(h, purpose)
	h.Write([]byte{0})
	h.Write(body)
	return h.Sum(nil)[:macBytes]
}

func notFound() error {
	return fault.New(fault.NotFound, "This link is not complete. Copy the whole link from your email, or telephone us.")
}
