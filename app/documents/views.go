package documents

import (
	"conversations/app/files"
	"conversations/app/sheet"
	pages "conversations/templates/documents"
	"conversations/templates/nhs"
)

func (s *Service) libraryView(f Filter, page Page) pages.LibraryView {
	v := pages.LibraryView{Text: f.Text, Locality: f.Locality, Localities: s.localities(), Pages: f.pagination(publicHome, page), Paged: page.Pages > 1,
		Found: page.Total, Narrowed: f.Text != "" || f.Locality != ""}
	for _, d := range page.Documents {
		v.Documents = append(v.Documents, pages.Document{Title: d.Title, Summary: d.Summary, Dated: d.Dated(), Area: s.area(d.Locality), File: d.File(), Href: publicHome + "/" + d.Slug})
	}
	return v
}

func (s *Service) listView(f Filter, page Page) pages.ListView {
	v := pages.ListView{Text: f.Text, Locality: f.Locality, Public: f.Public, Sort: f.Sort, Localities: s.localities(), Total: page.Total,
		Pages: f.pagination(staffHome, page), Paged: page.Pages > 1,
		CSVHref: f.href(staffHome+"."+string(sheet.FormatCSV), 1), XLSXHref: f.href(staffHome+"."+string(sheet.FormatXLSX), 1)}
	for _, d := range page.Documents {
		v.Rows = append(v.Rows, pages.Row{Title: d.Title, Href: staffPath(d.ID), Dated: d.Dated(), Area: s.area(d.Locality), File: d.File(), Public: d.Public})
	}
	return v
}

func (s *Service) formView(d Document, f Form, messages []nhs.FieldError) pages.FormView {
	v := pages.FormView{Heading: "Add a document", Action: staffHome + "/new", Title: f.Title, Summary: f.Summary, Day: f.DatedDay, Month: f.DatedMonth, Year: f.DatedYear,
		Locality: f.Locality, Localities: s.localities(), Public: f.Public, Version: f.Version, Limit: files.Size(s.cfg.Documents.FileBytes),
		Accepted: files.Accepted, Errors: messages}
	if d.ID != 0 {
		v.Heading, v.Action = "Change: "+d.Title, staffPath(d.ID)
		v.File, v.FileHref, v.RemoveHref = d.FileName+" ("+d.File()+")", staffPath(d.ID)+"/file", staffPath(d.ID)+"/remove"
		if d.Public {
			v.PublicHref = publicHome + "/" + d.Slug
		}
	}
	return v
}

func (s *Service) localities() []pages.Choice {
	var list []pages.Choice
	for _, l := range s.cfg.Localities {
		list = append(list, pages.Choice{Value: l.Slug, Text: l.Name})
	}
	return list
}

func (s *Service) area(slug string) string {
	if l, known := s.cfg.Locality(slug); known {
		return l.Name
	}
	return "All areas"
}

func (f Filter) pagination(path string, page Page) (p nhs.PaginationParams) {
	for n := 1; n <= page.Pages; n++ {
		p.Items = append(p.Items, nhs.PaginationItem{Number: n, Href: f.href(path, n), Current: n == page.Page})
	}
	if page.Page > 1 {
		p.Previous.Href = f.href(path, page.Page-1)
	}
	if page.Page < page.Pages {
		p.Next.Href = f.href(path, page.Page+1)
	}
	return p
}
