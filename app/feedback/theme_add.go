package feedback

import (
	"context"
	"crypto/rand"
	"fmt"
	"strings"

	"golang.org/x/text/unicode/norm"

	"conversations/app/fault"
)

// AddTheme adds a theme at the end of those of its parent. An Invalid fault says what must be mended.
func (s *Service) AddTheme(ctx context.Context, f ThemeForm) (t Theme, err error) {
	f = f.tidy()
	if err := f.check(); err != nil {
		return t, err
	}
	_, err = s.changeThemes(ctx, "add", func(c *codebook) error {
		if err := c.mayStandBelow(f.Parent); err != nil {
			return err
		}
		added, err := c.add(f, "", atEnd)
		if err != nil {
			return err
		}
		t = *added
		return nil
	})
	return t, err
}

func (c *codebook) mayStandBelow(parent int64) error {
	if t := c.themes[parent]; parent != 0 && (t == nil || !t.Live()) {
		return fault.Fields{{Name: "parent", Message: "Choose a theme from the list, or the top"}}.Err()
	}
	return nil
}

// ChangeTheme stores what was typed about a theme: its code, its name, what it means. Where it stands is MoveTheme's. A Conflict
// with a message at "version" where somebody has changed it meanwhile.
func (s *Service) ChangeTheme(ctx context.Context, id int64, f ThemeForm) error {
	f = f.tidy()
	if err := f.check(); err != nil {
		return err
	}
	_, err := s.changeThemes(ctx, "change", func(c *codebook) error {
		t, err := c.theme(id)
		if err != nil {
			return err
		}
		if err := c.asSeen(t, f.Version); err != nil {
			return err
		}
		if other := c.byCode(f.Code); f.Code != "" && other != nil && other.ID != id {
			return fault.Fields{{Name: "code", Message: fmt.Sprintf("The theme %q has this code. Choose another", other.Name)}}.Err()
		}
		f.put(t)
		return nil
	})
	return err
}

// asSeen refuses to change a theme that is not as it was when somebody looked at it. 0 is whatever it is now.
func (c *codebook) asSeen(t *Theme, version int) error {
	if version == 0 || version == t.Version {
		return nil
	}
	who, err := c.lastWho(t.ID)
	if err != nil {
		return err
	}
	message := fmt.Sprintf("%s changed the theme %q while you worked on it. What you did is still here, and nothing of theirs is lost. Look at it, then save again", who, t.Name)
	return &fault.Error{Kind: fault.Conflict, Message: message, Fields: fault.Fields{{Name: "version", Message: message}}}
}

// lastWho names who changed a theme last.
func (c *codebook) lastWho(id int64) (name string, err error) {
	err = c.tx.Raw(`SELECT s.name FROM theme_changes h JOIN staff s ON s.id = h.changed_by WHERE h.theme_id = ? ORDER BY h.id DESC LIMIT 1`, id).Scan(&name).Error
	if name == "" {
		name = "Somebody"
	}
	return name, err
}

// codeFor makes a code from a name: its words in small letters, with a number behind where that code is taken.
func (c *codebook) codeFor(name string) string {
	plain := slugged(name)
	code := plain
	for n := 2; c.byCode(code) != nil; n++ {
		code = fmt.Sprintf("%s-%d", plain, n)
	}
	return code
}

func slugged(name string) string {
	var b strings.Builder
	for _, r := range norm.NFD.String(strings.ToLower(name)) {
		switch {
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			b.WriteRune(r)
		case r == ' ' || r == '-' || r == '/' || r == '_':
			b.WriteByte(' ')
		}
	}
	slug := strings.Join(strings.Fields(b.String()), "-")
	if len(slug) > maxCodeCharacters-6 {
		slug = strings.TrimRight(slug[:maxCodeCharacters-6], "-")
	}
	if slug == "" {
		return "theme"
	}
	return slug
}

// newGUID is a name that nothing else has (version 4 of RFC 9562).
func newGUID() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}
