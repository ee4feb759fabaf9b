package contacts

import "conversations/templates/nhs"

// Choice is one of several that can be chosen.
type Choice struct{ Value, Label string }

func options(choices []Choice) []nhs.SelectItem {
	items := make([]nhs.SelectItem, len(choices))
	for i, c := range choices {
		items[i] = nhs.Option(c.Value, c.Label)
	}
	return items
}

// ListView is the staff's list of contacts.
type ListView struct {
	Filter ListFields
	Total  string // "1,234 contacts"
	Heads  []ListHead
	Rows   []ListRow
	Pages  nhs.PaginationParams
	Paged  bool

	CSVHref  string
	XLSXHref string
	AllHref  string // this list without its filter; "" where there is none
}

// ListFields are the filter as it was chosen, and what can be chosen.
type ListFields struct {
	Text, Group, Locality, Channel, Kind, Basis, Suppressed, Sort string
	Groups, Localities, Channels, Kinds, Sorts                    []Choice
}

// ListHead is a column of the list; Href is "" where it cannot be sorted by.
type ListHead struct {
	Text string
	Href string
	Sort string // none, ascending, descending
}

// ListRow is a contact in the list.
type ListRow struct {
	Href         string
	Name         string
	Organisation string
	Reach        []string // lines: the preferred way first
	Groups       []string
	Localities   []string
	Updates      Mark // whether they get updates
	Stopped      bool // letters by email are stopped
}

// Mark is a short word with a colour, for how something stands.
type Mark struct{ Text, Colour string }

func (v ListView) table() nhs.TableParams {
	p := nhs.TableParams{Caption: nhs.TableCaption{Content: nhs.Text(v.Total), Size: "s"}, Responsive: true, Compact: true}
	for _, h := range v.Heads {
		p.Head = append(p.Head, nhs.TableCell{Content: nhs.Text(h.Text), Href: h.Href, Sort: h.Sort})
	}
	for _, r := range v.Rows {
		p.Rows = append(p.Rows, []nhs.TableCell{
			{Content: nhs.Text(r.Name), Href: r.Href}, nhs.Cell(orDash(r.Organisation)), {Content: nhs.HTML(lines(r.Reach))},
			{Content: nhs.HTML(lines(r.Groups))}, {Content: nhs.HTML(lines(r.Localities))}, {Content: nhs.HTML(updatesMark(r))},
		})
	}
	return p
}

func orDash(text string) string {
	if text == "" {
		return "–"
	}
	return text
}
