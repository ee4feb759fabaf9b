package accounts

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"runtime"

	"github.com/alexedwards/argon2id"
	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"

	"conversations/app/fault"
)

// hasher makes and compares password hashes, few at once: each takes 19 MiB, and an onslaught of sign-ins must
// neither eat the memory nor keep the residents' pages waiting.
type hasher struct {
	slots chan struct{}
	dummy string // compared with for e-mails we do not know, so that they take as long
}

// hashCost follows OWASP's recommendation for argon2id.
func hashCost() *argon2id.Params {
	return &argon2id.Params{Memory: 19 * 1024, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32}
}

func newHasher() *hasher {
	return &hasher{slots: make(chan struct{}, max(1, runtime.NumCPU()/2)), dummy: nobodysHash()}
}

// nobodysHash has the form of a password's hash and costs as much to compare with, but no password has it. To make it
// takes none of the 19 MiB.
func nobodysHash() string {
	cost := hashCost()
	salt, key := make([]byte, cost.SaltLength), make([]byte, cost.KeyLength)
	_, _ = rand.Read(salt) // it never fails
	_, _ = rand.Read(key)
	encode := base64.RawStdEncoding.EncodeToString
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, cost.Memory, cost.Iterations, cost.Parallelism, encode(salt), encode(key))
}

func (h *hasher) take(ctx context.Context) (release func(), err error) {
	select {
	case h.slots <- struct{}{}:
		return func() { <-h.slots }, nil
	case <-ctx.Done():
		return nil, fault.Wrap(fault.Unavailable, "Too many people are signing in.", ctx.Err())
	}
}

func (h *hasher) hash(ctx context.Context, password string) (string, error) {
	release, err := h.take(ctx)
	if err != nil {
		return "", err
	}
	defer release()
	hash, err := argon2id.CreateHash(norm.NFC.String(password), hashCost())
	if err != nil {
		return "", fmt.Errorf("make a password hash: %w", err)
	}
	return hash, nil
}

// matches takes as long for an empty hash, which nothing matches, as for any other.
func (h *hasher) matches(ctx context.Context, password, hash string) (bool, error) {
	release, err := h.take(ctx)
	if err != nil {
		return false, err
	}
	defer release()
	known := hash != ""
	if !known {
		hash = h.dummy
	}
	if len(password) > passwordLimitBytes {
		password = ""
	}
	same, err := argon2id.ComparePasswordAndHash(norm.NFC.String(password), hash)
	if err != nil {
		return false, fmt.Errorf("compare a password: %w", err)
	}
	return same && known, nil
}
