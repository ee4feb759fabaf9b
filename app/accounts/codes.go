package accounts

import (
	"bytes"
	"crypto/subtle"
	"fmt"
	"image/png"
	"strings"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/totp"

	"conversations/app/fault"
)

const (
	codeStep     = 30 * time.Second
	qrSizePixels = 240
)

// newKey makes a secret for an authenticator app.
func newKey(programme, email string) (*otp.Key, error) {
	key, err := totp.Generate(totp.GenerateOpts{Issuer: programme, AccountName: email})
	if err != nil {
		return nil, fmt.Errorf("make a secret for the authenticator: %w", err)
	}
	return key, nil
}

// qrPNG draws the key's address for a telephone's camera.
func qrPNG(address string) ([]byte, error) {
	key, err := otp.NewKeyFromURL(address)
	if err != nil {
		return nil, fault.Wrap(fault.NotFound, "", err)
	}
	picture, err := key.Image(qrSizePixels, qrSizePixels)
	if err != nil {
		return nil, fmt.Errorf("draw the code: %w", err)
	}
	var out bytes.Buffer
	if err := png.Encode(&out, picture); err != nil {
		return nil, fmt.Errorf("draw the code: %w", err)
	}
	return out.Bytes(), nil
}

// stepOf finds the half-minute that a code belongs to, at most one before or after now and later than the last
// one used; 0 where there is none.
func stepOf(secret, code string, now time.Time, last int64) int64 {
	code = strings.ReplaceAll(code, " ", "")
	for _, offset := range []time.Duration{0, -codeStep, codeStep} {
		at := now.Add(offset)
		step := at.Unix() / int64(codeStep/time.Second)
		want, err := totp.GenerateCode(secret, at)
		if err == nil && subtle.ConstantTimeCompare([]byte(want), []byte(code)) == 1 && step > last {
			return step
		}
	}
	return 0
}
