package newsletters

import (
	"context"
	"fmt"
	"net/mail"
	"net/url"
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/text"

	"conversations/app/fault"
)

// Finder says whether there is something of a name that everybody can open.
type Finder func(ctx context.Context, name string) (bool, error)

// Pages says which addresses of this site lead to something that everybody can see, so that a letter has no dead links.
type Pages struct {
	// Patterns are the public routes: "/events/:slug".
	Patterns []string
	// Found says, for a pattern, whether there is something of the name that stands in the place of its parameter.
	Found map[string]Finder
}

// match is the pattern that a path belongs to and what stands in the place of its first parameter; "" where there is
// none. A pattern without parameters comes first.
func (p Pages) match(path string) (pattern, name string) {
	for _, candidate := range p.Patterns {
		if candidate == path {
			return candidate, ""
		}
	}
	parts := strings.Split(path, "/")
	for _, candidate := range p.Patterns {
		if value, fits := fit(strings.Split(candidate, "/"), parts); fits {
			return candidate, value
		}
	}
	return "", ""
}

func fit(pattern, parts []string) (value string, fits bool) {
	for i, piece := range pattern {
		if piece == "*" {
			return value, true
		}
		if i >= len(parts) {
			return "", false
		}
		if strings.HasPrefix(piece, ":") && parts[i] != "" {
			if value == "" {
				value = parts[i]
			}
			continue
		}
		if piece != parts[i] {
			return "", false
		}
	}
	return value, len(pattern) == len(parts)
}

// link is a link in a text of a letter.
type link struct {
	field, label string
	words        string
	typed        string // where it leads, as it was typed
	href         string // as it is sent; "" where it leads nowhere
}

func (s *Service) checkLinks(ctx context.Context, l *look, u Update, c Content) error {
	base := strings.TrimRight(s.Config.BaseURL, "/")
	for _, k := range linksOf(base, c) {
		path, ours := strings.CutPrefix(k.href, base)
		if ours && (path == "" || strings.HasPrefix(path, "/")) {
			if err := s.checkOwn(ctx, l, u, k, path); err != nil {
				return err
			}
			continue
		}
		if problem := outside(k); problem != "" {
			l.err(k.field, "The link \"%s\" in %s %s", k.words, k.label, problem)
		}
	}
	return nil
}

// checkOwn looks whether a page of this site is there for everybody.
func (s *Service) checkOwn(ctx context.Context, l *look, u Update, k link, address string) error {
	path, _, _ := strings.Cut(strings.SplitN(address, "#", 2)[0], "?")
	path = "/" + strings.Trim(path, "/")
	if strings.HasPrefix(path+"/", "/staff/") {
		l.err(k.field, "The link \"%s\" in %s leads to a page for staff. Readers cannot open it.", k.words, k.label)
		return nil
	}
	pattern, name := s.pages.match(path)
	switch {
	case strings.Contains(pattern, ":token"):
		l.err(k.field, "The link \"%s\" in %s belongs to one person. Do not send it to others.", k.words, k.label)
		return nil
	case pattern == "/updates/:slug" && name == u.Slug:
		return nil
	case pattern != "" && s.pages.Found[pattern] == nil:
		return nil
	}
	found := false
	if pattern != "" {
		var err error
		if found, err = s.pages.Found[pattern](ctx, name); err != nil {
			return fmt.Errorf("look where %s leads: %w", path, err)
		}
	}
	if !found {
		l.err(k.field, "The link \"%s\" in %s leads to %s. There is no such page.", k.words, k.label, path)
	}
	return nil
}

// outside says what is wrong with a link to another place, without asking there; "" for nothing.
func outside(k link) string {
	u, err := url.Parse(k.href)
	if k.href == "" || err != nil {
		return "leads nowhere: " + k.typed
	}
	switch u.Scheme {
	case "mailto":
		if _, err := mail.ParseAddress(u.Opaque); err != nil {
			return "has no email address that can be written to: " + k.typed
		}
	case "tel":
		if len(strings.Trim(u.Opaque, "+0123456789-() ")) > 0 || len(u.Opaque) < 3 {
			return "has no telephone number that can be called: " + k.typed
		}
	default:
		host := u.Hostname()
		if !strings.Contains(strings.Trim(host, "."), ".") || strings.HasPrefix(host, "127.") || strings.ContainsAny(host, "_ ") || strings.Contains(host, "..") {
			return "leads to an address that others cannot open: " + k.typed
		}
		if strings.Contains(host, "safelinks.protection.outlook.com") || strings.Contains(host, "urldefense") {
			return "was changed by a mail program. Type the real address instead: " + shortened(k.typed)
		}
	}
	return ""
}

// linksOf are the links in the texts of a letter, in order.
func linksOf(base string, c Content) (all []link) {
	for _, f := range c.fields() {
		if f.id != "opening" && f.id != "closing" && !strings.HasPrefix(f.id, "body-") {
			continue
		}
		source := []byte(f.text)
		_ = ast.Walk(letterMarkdown.Parse(text.NewReader(source)), func(n ast.Node, entering bool) (ast.WalkStatus, error) {
			typed, words := "", ""
			switch node := n.(type) {
			case *ast.Link:
				t := translator{source: source}
				typed, words = string(node.Destination), plain(t.spans(n, style{}))
			case *ast.AutoLink:
				typed, words = string(node.URL(source)), string(node.Label(source))
				if node.AutoLinkType == ast.AutoLinkEmail && !strings.HasPrefix(typed, "mailto:") {
					typed = "mailto:" + typed
				}
			default:
				return ast.WalkContinue, nil
			}
			if entering {
				all = append(all, link{field: f.id, label: f.label, words: words, typed: typed, href: absolute(base, typed)})
			}
			return ast.WalkContinue, nil
		})
	}
	return all
}

// ownPages are the pages of which this package, or one to its left, knows whether they are there.
func (s *Service) ownPages() map[string]Finder {
	event := func(ctx context.Context, slug string) (bool, error) {
		_, err := s.Events.BySlug(ctx, slug)
		return found(err)
	}
	return map[string]Finder{
		"/events/:slug": event, "/events/:slug/book": event, "/events/:slug/interest": event,
		"/localities/:slug": func(_ context.Context, slug string) (bool, error) {
			_, there := s.Config.Locality(slug)
			return there, nil
		},
		"/updates/:slug": func(ctx context.Context, slug string) (there bool, err error) {
			err = s.DB.Read(ctx).Raw(`SELECT count(*) > 0 FROM updates u WHERE u.slug = ? AND `+isPublished, slug, s.DB.Now()).Scan(&there).Error
			return there, err
		},
	}
}

func found(err error) (bool, error) {
	if fault.KindOf(err) == fault.NotFound {
		return false, nil
	}
	return err == nil, err
}

// KnowsPages tells the service which pages there are. found adds to what it knows itself; it must come before Check.
func (s *Service) KnowsPages(patterns []string, found map[string]Finder) {
	s.pages.Patterns = patterns
	for pattern, f := range found {
		s.pages.Found[pattern] = f
	}
}
