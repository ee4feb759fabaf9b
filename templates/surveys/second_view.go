package surveys

import "conversations/templates/nhs"

// SecondView are the forms of a batch that were drawn to be entered a second time.
type SecondView struct {
	Title, Batch string
	Rows         []SecondRow
}

// SecondRow is one of them.
type SecondRow struct{ Code, Href, Note, State string }

func (v SecondView) table() nhs.TableParams {
	t := nhs.TableParams{Caption: nhs.TableCaption{Content: nhs.Text(counted(len(v.Rows), "form was drawn", "forms were drawn"))}, FirstCellIsHeader: true,
		Head: []nhs.TableCell{nhs.Cell("Number on the form"), nhs.Cell("Second entry"), nhs.Cell("Note")}}
	for _, r := range v.Rows {
		t.Rows = append(t.Rows, []nhs.TableCell{{Content: nhs.Text(r.Code), Href: r.Href}, nhs.Cell(r.State), nhs.Cell(r.Note)})
	}
	return t
}

// DifferencesView is where two entries differ.
type DifferencesView struct {
	Title, Batch, Action string
	Rates                []string
	Rows                 []DifferenceRow
	Errors               []nhs.FieldError
}

// DifferenceRow is one place where two entries differ.
type DifferenceRow struct {
	ID                     string // of its radio buttons
	Code, ChangeHref       string // of the form
	Response, Question     string
	Row                    string
	Number, Label          string
	First, Second, Settled string
}

func (r DifferenceRow) items() []nhs.ChoiceItem {
	return []nhs.ChoiceItem{
		{Content: nhs.Text("First entry: " + r.First), Value: "first"}, {Content: nhs.Text("Second entry: " + r.Second), Value: "second"},
		{Content: nhs.Text("Neither. I will change the form"), Value: "neither"},
	}
}
