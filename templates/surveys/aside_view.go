package surveys

import "conversations/templates/nhs"

// ResponsesView is the staff's list of responses.
type ResponsesView struct {
	Title, Action     string
	Withheld          bool
	Anonymous         bool
	State, Channel    string
	Channels          []Choice
	Rows              []ResponseRow
	Total             int
	Pages             nhs.PaginationParams
	Paged             bool
	CSVHref, XLSXHref string
}

// ResponseRow is a response in the list.
type ResponseRow struct {
	Number, Href, State, Channel, Locality, When, Reason string
	Aside                                                bool
}

func (v ResponsesView) table() nhs.TableParams {
	t := nhs.TableParams{Caption: nhs.TableCaption{Content: nhs.Text(counted(v.Total, "response", "responses")), Size: "s"}, Responsive: true,
		Head: []nhs.TableCell{nhs.Cell("Response"), nhs.Cell("State"), nhs.Cell("Came"), nhs.Cell("Locality")}}
	if !v.Anonymous {
		t.Head = append(t.Head, nhs.Cell("Sent"))
	}
	t.Head = append(t.Head, nhs.Cell("Why it is set aside"))
	for _, r := range v.Rows {
		colour := ""
		if r.Aside {
			colour = "orange"
		}
		row := []nhs.TableCell{{Content: nhs.Text(r.Number), Href: r.Href}, {Content: nhs.HTML(nhs.Tag(nhs.TagParams{Content: nhs.Text(r.State), Colour: colour}))},
			nhs.Cell(r.Channel), nhs.Cell(r.Locality)}
		if !v.Anonymous {
			row = append(row, nhs.Cell(r.When))
		}
		t.Rows = append(t.Rows, append(row, nhs.Cell(r.Reason)))
	}
	return t
}

// ResponseView is one response.
type ResponseView struct {
	Title, Number, Action string
	State, Channel        string
	Aside                 bool
	Kept                  string // why it is set aside
	Reason                string // as typed
	Answers               [][2]string
	Errors                []nhs.FieldError
}

// ContactFormView is the form that can follow an anonymous survey.
type ContactFormView struct {
	Survey, Action, Wording string
	Name, Email             string
	Errors                  []nhs.FieldError
}
