package layout

import (
	"context"
	"io"

	"github.com/a-h/templ"

	"conversations/templates/nhs"
)

// everyComponent is a page with one of each component, as a form would use it.
func everyComponent() templ.Component {
	return templ.Join(
		nhs.Summary([]nhs.FieldError{{Field: "name", Text: "Enter your name"}, {Field: "access_needs", Text: "Say what you need"}}),
		templ.Raw(`<h1 class="nhsuk-heading-xl">Book a place</h1>`),
		templ.Raw(`<form action="/events/one/book" method="post" novalidate>`),
		formControls(),
		nhs.Button(nhs.ButtonParams{Content: nhs.Text("Book")}),
		templ.Raw(`</form>`),
		messages(),
		nhs.Pagination(nhs.PaginationParams{
			Previous: nhs.PaginationLink{Href: "?page=1"}, Next: nhs.PaginationLink{Href: "?page=3"},
			Items: []nhs.PaginationItem{{Number: 1, Href: "?page=1"}, {Number: 2, Href: "?page=2", Current: true}, {Ellipsis: true}, {Number: 9, Href: "?page=9"}},
		}),
	)
}

func formControls() templ.Component {
	return templ.Join(
		nhs.Input(nhs.InputParams{
			ID: "name", Name: "name", Label: nhs.LabelText("Name"), Hint: nhs.HintText("As you want to be called"),
			ErrorMessage: nhs.ErrorText("Enter your name"), Autocomplete: "name",
		}),
		nhs.Input(nhs.InputParams{ID: "email", Name: "email", Type: "email", Label: nhs.LabelText("Email"), Autocomplete: "email", Spellcheck: nhs.No}),
		nhs.Checkboxes(nhs.CheckboxesParams{
			IDPrefix: "access_needs", Name: "access_needs", Values: []string{"bsl"},
			Fieldset:     &nhs.FieldsetParams{Legend: nhs.LegendParams{Content: nhs.Text("What would help you take part?"), Size: "m"}},
			ErrorMessage: nhs.ErrorText("Say what you need"),
			Items: []nhs.ChoiceItem{
				{Value: "bsl", Content: nhs.Text("British Sign Language interpreter")},
				{Value: "interpreter", Content: nhs.Text("Interpreter"), Conditional: nhs.ShowWhenChosen(
					nhs.Input(nhs.InputParams{ID: "language", Name: "language", Label: nhs.LabelText("Which language?"), Width: 20}))},
				{Divider: "or"},
				{Value: "none", Content: nhs.Text("Nothing"), Behaviour: "exclusive"},
			},
		}),
		nhs.Radios(nhs.RadiosParams{
			Name: "party", Value: "1", Inline: true, Fieldset: &nhs.FieldsetParams{Legend: nhs.LegendText("How many people?")},
			Items: []nhs.ChoiceItem{{Value: "1", Content: nhs.Text("1")}, {Value: "2", Content: nhs.Text("2")}},
		}),
		nhs.Select(nhs.SelectParams{ID: "locality", Name: "locality", Value: "north", Label: nhs.LabelText("Locality"), Items: []nhs.SelectItem{nhs.Option("", "Choose"), nhs.Option("north", "North")}}),
		nhs.DateInput(nhs.DateInputParams{ID: "day", NamePrefix: "date", Fieldset: &nhs.FieldsetParams{Legend: nhs.LegendText("Which day?")}, Values: nhs.DateValues{Day: "28", Month: "2", Year: "2017"}}),
		nhs.CharacterCount(nhs.CharacterCountParams{ID: "question", Name: "question", MaxLength: 500, Label: nhs.LabelText("A question for the panel"), Value: "\nFirst line kept"}),
		nhs.Textarea(nhs.TextareaParams{ID: "notes", Name: "access_notes", Label: nhs.LabelText("Anything else?")}),
		nhs.PasswordInput(nhs.PasswordInputParams{ID: "password", Name: "password", Label: nhs.LabelText("Password")}),
	)
}

func messages() templ.Component {
	text := nhs.Text("Doors open at half past six.")
	return templ.Join(
		nhs.Panel(nhs.PanelParams{Heading: nhs.HeadingParams{Content: nhs.Text("You have a place"), Level: 2}, Content: text}),
		nhs.InsetText(nhs.InsetTextParams{Content: text}),
		nhs.WarningCallout(nhs.WarningCalloutParams{Heading: nhs.HeadingText("Read this first"), Content: text}),
		nhs.Card(nhs.CardParams{Variant: "urgent", Heading: nhs.HeadingText("Are you unwell now?"), Description: nhs.DescriptionParams{Content: text}}),
		nhs.Card(nhs.CardParams{Clickable: true, Variant: "primary", Href: "/events/one", Heading: nhs.HeadingParams{Content: nhs.Text("An evening in town"), Size: "m"}, Description: nhs.DescriptionParams{Content: text}}),
		nhs.Details(nhs.DetailsParams{Summary: nhs.SummaryParams{Content: nhs.Text("How places are given")}, Content: text}),
		nhs.SummaryList(nhs.SummaryListParams{Rows: []nhs.SummaryRow{
			{Key: nhs.SummaryCell{Content: nhs.Text("Name")}, Value: nhs.SummaryCell{Content: nhs.Text("Ann Other")}, Actions: nhs.ActionsParams{Items: []nhs.ActionItem{{Content: nhs.Text("Change"), Href: "#name", VisuallyHiddenText: "name"}}}},
			nhs.Row("Email", "ann.other@a-very-long-domain-name-that-has-to-break-somewhere.example.org"),
		}}),
		nhs.Tag(nhs.TagParams{Content: nhs.Text("Waiting list"), Colour: "yellow"}),
		templ.Raw("<p>"), nhs.ActionLink(nhs.ActionLinkParams{Content: nhs.Text("Find an event"), Href: "/events"}), templ.Raw("</p>"),
		nhs.ContentsList(nhs.ContentsListParams{Items: []nhs.ContentsItem{{Content: nhs.Text("One"), Current: true}, {Content: nhs.Text("Two"), Href: "/two"}}}),
		nhs.Table(nhs.TableParams{
			Caption: nhs.TableCaption{Content: nhs.Text("Places"), Size: "m"}, Responsive: true,
			Head: []nhs.TableCell{nhs.Cell("Event"), nhs.NumberCell("Places")},
			Rows: [][]nhs.TableCell{{nhs.Cell("An evening in town"), nhs.Cell("50")}},
		}),
		nhs.BackLink(nhs.BackLinkParams{Href: "/events"}),
	)
}

func wideTable() templ.Component {
	head := []nhs.TableCell{{Content: nhs.Text("Reference"), Sort: "ascending", Href: "?sort=-reference"}}
	row := []nhs.TableCell{nhs.Cell("K7M2QX")}
	for _, name := range []string{"Event", "Name", "Email address", "Telephone", "People", "Access needs", "Booked at", "Status", "Channel"} {
		head = append(head, nhs.TableCell{Content: nhs.Text(name), Sort: "none", Href: "?sort=" + name[:1]})
		row = append(row, nhs.Cell("Some longer "+name))
	}
	rows := [][]nhs.TableCell{row, row, row}
	table := nhs.Table(nhs.TableParams{Caption: nhs.TableCaption{Content: nhs.Text("Bookings"), Size: "s"}, Head: head, Rows: rows, FirstCellIsHeader: true, Compact: true})
	return templ.Join(
		templ.Raw(`<h1 class="nhsuk-heading-l">Bookings</h1>`),
		within(nhs.ScrollRegion("Bookings"), table),
	)
}

func within(outer, inner templ.Component) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		return outer.Render(templ.WithChildren(ctx, inner), w)
	})
}
