package newsletters

import (
	"time"

	"conversations/app/mail"
	pages "conversations/templates/newsletters"
	"conversations/templates/nhs"
)

func (s *Service) archiveView(f ArchiveFilter, page ArchivePage) pages.ArchiveView {
	v := pages.ArchiveView{Kind: string(f.Kind), Text: f.Text, Total: page.Total, Narrowed: f.Kind != "" || f.Text != "", Paged: page.Pages > 1,
		Press: s.press()}
	for _, k := range Kinds() {
		v.Kinds = append(v.Kinds, pages.Choice{Value: string(k), Text: k.Name()})
	}
	for _, u := range page.Updates {
		v.Updates = append(v.Updates, s.Item(u))
	}
	for n := 1; n <= page.Pages; n++ {
		v.Pages.Items = append(v.Pages.Items, nhs.PaginationItem{Number: n, Href: f.href(n), Current: n == page.Page})
	}
	if page.Page > 1 {
		v.Pages.Previous.Href = f.href(page.Page - 1)
	}
	if page.Page < page.Pages {
		v.Pages.Next.Href = f.href(page.Page + 1)
	}
	return v
}

// Item is an update in a list that everybody reads.
func (s *Service) Item(u Update) pages.Item {
	return pages.Item{Title: u.Title, Href: archivePath + "/" + u.Slug, Kind: u.Kind.Name(), Date: s.day(u.PublishedAt)}
}

func (s *Service) readView(r PublicUpdate) pages.ReadView {
	v := pages.ReadView{Title: r.Title, Kind: r.Update.Kind.Name(), Date: s.day(r.Update.PublishedAt), Blocks: mail.Views(r.Blocks)}
	if r.Update.Kind == PressRelease || r.Update.Kind == Statement {
		v.Press = s.press()
	}
	if r.Corrects != nil {
		item := s.Item(*r.Corrects)
		v.Corrects = &item
	}
	if r.CorrectedBy != nil {
		item := s.Item(*r.CorrectedBy)
		v.CorrectedBy = &item
	}
	return v
}

func (s *Service) day(t *time.Time) string {
	if t == nil {
		return ""
	}
	return t.In(s.Config.Zone()).Format("2 January 2006")
}

func (s *Service) press() pages.Press {
	office := s.Config.Updates.PressContact
	p := pages.Press{Name: office.Name, Telephone: office.Telephone}
	if office.Email != "" {
		p.Email = "/contact/email/press"
	}
	return p
}
