package surveys

import "conversations/templates/nhs"

// BatchRow is a batch in a list.
type BatchRow struct{ Name, Href, Channel, Received, Entered, Again, State, Colour string }

// BatchesView is a survey's paper: what to print, and the piles that came back.
type BatchesView struct {
	Title, Home          string
	Prints               []Choice // editions to print
	Takes                bool     // the survey takes paper
	State, Channel, Sort string
	Channels             []Choice
	Rates                []string // how good the typing was
	Total                int
	Rows                 []BatchRow
	Pages                nhs.PaginationParams
	Paged, Filtered      bool
	CSVHref, XLSXHref    string
	NewHref, ImportHref  string
	Waiting              []Choice // files that were read and not taken yet
}

func (v BatchesView) table() nhs.TableParams {
	t := nhs.TableParams{Caption: nhs.TableCaption{Content: nhs.Text(counted(v.Total, "batch", "batches"))}, FirstCellIsHeader: true,
		Head: []nhs.TableCell{nhs.Cell("Batch"), nhs.Cell("Came"), nhs.Cell("Received"), nhs.Cell("Entered"), nhs.Cell("Second entry"), nhs.Cell("State")}}
	for _, r := range v.Rows {
		t.Rows = append(t.Rows, []nhs.TableCell{{Content: nhs.Text(r.Name), Href: r.Href}, nhs.Cell(r.Channel), nhs.Cell(r.Received), nhs.Cell(r.Entered), nhs.Cell(r.Again),
			{Content: nhs.HTML(nhs.Tag(nhs.TagParams{Content: nhs.Text(r.State), Colour: r.Colour}))}})
	}
	return t
}

// BatchFormView is the form of a batch.
type BatchFormView struct {
	Heading, Action, BackHref      string
	Name, Channel, Event, Locality string
	Day, Month, Year, Forms, Share string
	Imported                       bool
	Channels, Events, Localities   []Choice
	Errors                         []nhs.FieldError
}

// BatchView is one batch.
type BatchView struct {
	Title, Name, State, Colour string
	Facts                      [][2]string
	Aside                      string // why it does not count
	Home, EditHref             string
	EnterHref                  string // "" where no form can be entered
	SecondHref                 string
	Second                     string // how far the second entry is
	DifferencesHref            string
	Differences                string
	Rates                      []string
	Actions                    []Choice
	CanSetAside                bool
	Reason                     string
	Find                       bool // by the number on a form
	Code                       string
	Errors                     []nhs.FieldError
}

func (v BatchView) facts() nhs.SummaryListParams {
	list := nhs.SummaryListParams{}
	for _, f := range v.Facts {
		list.Rows = append(list.Rows, nhs.SummaryRow{Key: nhs.SummaryCell{Content: nhs.Text(f[0])}, Value: nhs.SummaryCell{Content: nhs.Text(f[1])}})
	}
	return list
}
