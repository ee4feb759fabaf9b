package contacts

import "conversations/templates/nhs"

// MergeChoice asks which other contact is the same.
type MergeChoice struct {
	Base, Name string
	Text       string // looked for
	Searched   bool
	Rows       []ListRow // Href leads to the preview
}

// MergeView is what becomes of two contacts that are found to be one.
type MergeView struct {
	Action       string
	Back         string
	SwapHref     string
	Kept, Gone   string // names
	KeptVersion  int64
	GoneVersion  int64
	GoneID       int64
	UndoDays     int
	Rows         []MergedFact
	Stands       []Stand
	OtherAddress string // the other's address, where it is another; "" else
	Errors       []nhs.FieldError
}

// MergedFact is a fact of both and of what they become.
type MergedFact struct{ Label, Kept, Gone, Result string }

func (v MergeView) table() nhs.TableParams {
	p := nhs.TableParams{Caption: nhs.TableCaption{Content: nhs.Text("Before and after"), Size: "s"}, FirstCellIsHeader: true, Responsive: true, Compact: true,
		Head: []nhs.TableCell{nhs.Cell("Fact"), nhs.Cell("This contact"), nhs.Cell("The other"), nhs.Cell("Afterwards")}}
	for _, r := range v.Rows {
		p.Rows = append(p.Rows, []nhs.TableCell{nhs.Cell(r.Label), nhs.Cell(orDash(r.Kept)), nhs.Cell(orDash(r.Gone)), nhs.Cell(orDash(r.Result))})
	}
	return p
}

func (c MergeChoice) table() nhs.TableParams {
	p := nhs.TableParams{Caption: nhs.TableCaption{Content: nhs.Text("Contacts that fit"), Size: "s"}, Responsive: true, Compact: true,
		Head: []nhs.TableCell{nhs.Cell("Name"), nhs.Cell("Organisation"), nhs.Cell("How to reach them")}}
	for _, r := range c.Rows {
		p.Rows = append(p.Rows, []nhs.TableCell{{Content: nhs.Text(r.Name), Href: r.Href}, nhs.Cell(orDash(r.Organisation)), {Content: nhs.HTML(lines(r.Reach))}})
	}
	return p
}

func (v MergeView) stands() nhs.TableParams {
	p := ContactView{Stands: v.Stands}.stands()
	p.Caption.Content = nhs.Text("What they let us do afterwards")
	return p
}
