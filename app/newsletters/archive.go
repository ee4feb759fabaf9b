package newsletters

import (
	"context"
	"fmt"
	"strings"
	"time"

	"conversations/app/atom"
	"conversations/app/database"
	"conversations/app/fault"
	"conversations/app/mail"
)

// archivePath is where everybody reads what was published.
const archivePath = "/updates"

// ArchivePageSize is how many updates a page of the archive shows.
const ArchivePageSize = 20

// feedEntries is how many updates the feed holds.
const feedEntries = 30

// isPublished holds for what everybody can read now.
const isPublished = "u.published_at IS NOT NULL AND u.published_at <= ?"

// ArchiveFilter chooses what was published; its zero value is all of it.
type ArchiveFilter struct {
	Kind Kind
	Text string // words in the title or the text
	Page int    // from 1
}

// ArchivePage is one page of what was published, newest first.
type ArchivePage struct {
	Updates []Update
	Total   int
	Page    int // from 1
	Pages   int // at least 1
}

// Archive gives everybody one page of what was published. A page past the end is the last.
func (s *Service) Archive(ctx context.Context, f ArchiveFilter) (page ArchivePage, err error) {
	where, args := f.where(s.DB.Now())
	from := " FROM updates u JOIN update_texts t ON t.id = u.text_id WHERE " + where
	if err := s.DB.Read(ctx).Raw("SELECT count(*)"+from, args...).Scan(&page.Total).Error; err != nil {
		return page, fmt.Errorf("count what was published: %w", err)
	}
	page.Pages = max(1, (page.Total+ArchivePageSize-1)/ArchivePageSize)
	page.Page = min(max(1, f.Page), page.Pages)
	err = s.DB.Read(ctx).Raw("SELECT u.*"+from+" ORDER BY u.published_at DESC, u.id DESC LIMIT ? OFFSET ?",
		append(args, ArchivePageSize, (page.Page-1)*ArchivePageSize)...).Scan(&page.Updates).Error
	if err != nil {
		return page, fmt.Errorf("list what was published: %w", err)
	}
	return page, nil
}

func (f ArchiveFilter) where(now time.Time) (string, []any) {
	parts, args := []string{isPublished}, []any{now}
	if f.Kind != "" {
		parts, args = append(parts, "u.kind = ?"), append(args, f.Kind)
	}
	for _, word := range database.SearchWords(f.Text) {
		like := "%" + strings.NewReplacer(`\`, `\\`, "%", `\%`, "_", `\_`).Replace(word) + "%"
		parts, args = append(parts, `(LOWER(u.title) LIKE ? ESCAPE '\' OR LOWER(t.content) LIKE ? ESCAPE '\')`), append(args, like, like)
	}
	return strings.Join(parts, " AND "), args
}

// PublicUpdate is an update as everybody reads it.
type PublicUpdate struct {
	Update      Update
	Title       string
	Blocks      []mail.Block
	Corrects    *Update // the one that this corrects
	CorrectedBy *Update // the newest that corrects this one
}

// Read gives everybody an update that was published; NotFound where there is none at this address.
func (s *Service) Read(ctx context.Context, slug string) (r PublicUpdate, err error) {
	read, now := s.DB.Read(ctx), s.DB.Now()
	err = database.First(read.Raw("SELECT u.* FROM updates u WHERE u.slug = ? AND "+isPublished, slug, now), &r.Update)
	if database.IsNotFound(err) {
		return r, fault.New(fault.NotFound, "There is no update at this address.")
	}
	if err != nil {
		return r, fmt.Errorf("read an update: %w", err)
	}
	content, err := r.Update.content(read)
	if err != nil {
		return r, err
	}
	blocks, err := s.Blocks(ctx, r.Update, content)
	if err != nil {
		return r, err
	}
	r.Title, r.Blocks = content.Title, mail.Filled(blocks, mail.Values{Name: content.NamelessWords()})
	return r, s.corrections(ctx, &r)
}

// corrections finds what an update corrects and what corrects it, as far as that is published.
func (s *Service) corrections(ctx context.Context, r *PublicUpdate) error {
	find := func(where string, arg any) (*Update, error) {
		var u Update
		err := database.First(s.DB.Read(ctx).Raw("SELECT u.* FROM updates u WHERE "+where+" AND "+isPublished+" ORDER BY u.id DESC LIMIT 1", arg, s.DB.Now()), &u)
		if database.IsNotFound(err) {
			return nil, nil
		}
		return &u, err
	}
	var err error
	if r.Update.Corrects != nil {
		if r.Corrects, err = find("u.id = ?", *r.Update.Corrects); err != nil {
			return fmt.Errorf("find what update %d corrects: %w", r.Update.ID, err)
		}
	}
	if r.CorrectedBy, err = find("u.corrects = ?", r.Update.ID); err != nil {
		return fmt.Errorf("find what corrects update %d: %w", r.Update.ID, err)
	}
	return nil
}

// Latest gives what was published last, at most n of them.
func (s *Service) Latest(ctx context.Context, n int) (list []Update, err error) {
	err = s.DB.Read(ctx).Raw("SELECT u.* FROM updates u WHERE "+isPublished+" ORDER BY u.published_at DESC, u.id DESC LIMIT ?", s.DB.Now(), n).Scan(&list).Error
	if err != nil {
		return nil, fmt.Errorf("find what was published last: %w", err)
	}
	return list, nil
}

// Atom is the feed of what was published, by RFC 4287.
func (s *Service) Atom(ctx context.Context) ([]byte, error) {
	list, err := s.Latest(ctx, feedEntries)
	if err != nil {
		return nil, err
	}
	p := s.Config.Programme
	feed := atom.Feed{Title: p.Name + ": updates", Author: p.Organisation, Self: s.Links.URL(archivePath + ".atom"), Page: s.Links.URL(archivePath), Now: s.DB.Now()}
	for _, u := range list {
		summary, err := s.summary(ctx, u)
		if err != nil {
			return nil, err
		}
		feed.Entries = append(feed.Entries, atom.Entry{Title: u.Title, Address: s.Links.URL(archivePath + "/" + u.Slug), Published: u.PublishedAt, Updated: *u.PublishedAt, Summary: summary})
	}
	return feed.Bytes()
}

// summary is what the letter is about: the headings of its sections.
func (s *Service) summary(ctx context.Context, u Update) (string, error) {
	content, err := u.content(s.DB.Read(ctx))
	if err != nil {
		return "", err
	}
	var headings []string
	for _, section := range content.Sections {
		if section.Heading != "" {
			headings = append(headings, section.Heading)
		}
	}
	if len(headings) == 0 {
		return u.Kind.Name(), nil
	}
	return u.Kind.Name() + ": " + strings.Join(headings, "; "), nil
}
