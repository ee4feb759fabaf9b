package surveys

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"conversations/app/events"
	"conversations/app/sheet"
	"conversations/templates/nhs"
	pages "conversations/templates/surveys"
)

// paperPath is where a survey's paper is.
func paperPath(surveyID int64) string { return staffPath(surveyID) + "/paper" }

func batchPath(b Batch) string {
	return paperPath(b.SurveyID) + "/" + strconv.FormatInt(b.ID, 10)
}

// printHref is the address of a form to print.
func printHref(survey Survey, language string, large bool) string {
	path := paperPath(survey.ID) + "/form?language=" + language
	if large {
		path += "&print=large"
	}
	return path
}

// prints are the editions of a form that can be printed.
func prints(survey Survey) (list []pages.Choice) {
	languages := survey.LanguageList()
	for _, code := range languages {
		for _, large := range []bool{false, true} {
			text := "Form on A4"
			if large {
				text = "Form on A4 in large print (18 point)"
			}
			if len(languages) > 1 {
				text += ", " + nameForStaff(code)
			}
			list = append(list, pages.Choice{Value: printHref(survey, code, large), Text: text})
		}
	}
	return list
}

func (s Survey) takesPaper() bool { return s.State == Open || s.State == Closed }

func (s *Service) batchesView(form Form, f BatchFilter, page BatchPage) pages.BatchesView {
	home := paperPath(form.Survey.ID)
	v := pages.BatchesView{Title: form.Words.Title, Home: home, Prints: prints(form.Survey), Takes: form.Survey.takesPaper(), State: f.State, Channel: f.Channel, Sort: f.Sort,
		Total: page.Total, Paged: page.Pages > 1, Filtered: f.State+f.Channel != "", NewHref: home + "/new", ImportHref: home + "/import",
		CSVHref: f.href(home+"."+string(sheet.FormatCSV), 1), XLSXHref: f.href(home+"."+string(sheet.FormatXLSX), 1)}
	for _, channel := range []string{paperChannel, telephoneChannel, importChannel} {
		v.Channels = append(v.Channels, pages.Choice{Value: channel, Text: channelName(channel)})
	}
	for _, b := range page.Batches {
		row := pages.BatchRow{Name: b.title(), Href: batchPath(b.Batch), Channel: channelName(b.Channel), Received: dayWords(b.ReceivedOn), Entered: b.enteredWords(), State: b.state(), Colour: b.colour()}
		if b.Checks > 0 {
			row.Again = fmt.Sprintf("%d of %d", b.Again, b.Checks)
		}
		v.Rows = append(v.Rows, row)
	}
	for n := 1; n <= page.Pages; n++ {
		v.Pages.Items = append(v.Pages.Items, nhs.PaginationItem{Number: n, Href: f.href(home, n), Current: n == page.Page})
	}
	return v
}

// title is how a batch is called: its number and its name.
func (b Batch) title() string { return fmt.Sprintf("Batch %d: %s", b.ID, b.Name) }

func (b Batch) colour() string {
	return map[string]string{"Open": "green", "Closed": "grey", "Set aside": "orange"}[b.state()]
}

// enteredWords say how many forms are entered, of those that were counted.
func (b BatchLine) enteredWords() string {
	if b.Forms == 0 {
		return strconv.Itoa(b.Entered)
	}
	return fmt.Sprintf("%d of %d", b.Entered, b.Forms)
}

// dayWords is a day that is kept as 2017-02-28, in words; "" where it is none.
func dayWords(day string) string {
	at, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return ""
	}
	return at.Format("2 January 2006")
}

func (s *Service) batchFormView(ctx context.Context, surveyID int64, b Batch, f BatchForm) (pages.BatchFormView, error) {
	home := paperPath(surveyID)
	v := pages.BatchFormView{Heading: "Begin a batch of forms", Action: home + "/new", BackHref: home, Name: f.Name, Channel: f.Channel, Event: f.Event, Locality: f.Locality,
		Day: f.Day, Month: f.Month, Year: f.Year, Forms: f.Forms, Share: f.Share, Imported: b.Channel == importChannel}
	if b.ID != 0 {
		v.Heading, v.BackHref = "Facts about "+b.title(), batchPath(b)
		v.Action = v.BackHref + "/edit"
	}
	for _, channel := range []string{paperChannel, telephoneChannel} {
		v.Channels = append(v.Channels, pages.Choice{Value: channel, Text: channelName(channel)})
	}
	for _, l := range s.Config.Localities {
		v.Localities = append(v.Localities, pages.Choice{Value: l.Slug, Text: l.Name})
	}
	list, err := s.Events.StaffList(ctx, events.StaffFilter{Sort: "-starts"})
	if err != nil {
		return v, err
	}
	for _, e := range list.Events {
		v.Events = append(v.Events, pages.Choice{Value: strconv.FormatInt(e.ID, 10), Text: e.Title + ", " + e.When()})
	}
	return v, nil
}

// typed is a batch as its form has it.
func (b Batch) typed() BatchForm {
	f := BatchForm{Name: b.Name, Channel: b.Channel, Locality: b.Locality, Share: strconv.Itoa(b.Share)}
	if b.EventID != nil {
		f.Event = strconv.FormatInt(*b.EventID, 10)
	}
	if at, err := time.Parse(time.DateOnly, b.ReceivedOn); err == nil {
		f.Day, f.Month, f.Year = at.Format("2"), at.Format("1"), at.Format("2006")
	}
	if b.Forms > 0 {
		f.Forms = strconv.Itoa(b.Forms)
	}
	return f
}

func (s *Service) batchView(ctx context.Context, form Form, b BatchLine) (pages.BatchView, error) {
	home := batchPath(b.Batch)
	v := pages.BatchView{Title: form.Words.Title, Name: b.title(), State: b.state(), Colour: b.colour(), Aside: b.SetAside, Home: home, EditHref: home + "/edit",
		Facts: [][2]string{{"How they came", channelName(b.Channel)}, {"Entered", b.enteredWords()}}}
	if day := dayWords(b.ReceivedOn); day != "" {
		v.Facts = append(v.Facts, [2]string{"Received", day})
	}
	if l, known := s.Config.Locality(b.Locality); known {
		v.Facts = append(v.Facts, [2]string{"Locality", l.Name})
	}
	if b.EventID != nil {
		e, err := s.Events.ByID(ctx, *b.EventID)
		if err != nil {
			return v, err
		}
		v.Facts = append(v.Facts, [2]string{"Event", e.Title + ", " + e.When()})
	}
	v.CanSetAside = b.SetAside == ""
	if !v.CanSetAside {
		v.Actions = append(v.Actions, pages.Choice{Value: "restore", Text: "Have them count again"})
	}
	if b.Channel == importChannel {
		return v, nil
	}
	v.Find = true
	switch {
	case b.Takes() && form.Survey.takesPaper():
		v.EnterHref = home + "/enter"
		v.Actions = append(v.Actions, pages.Choice{Value: "close", Text: "All forms are entered"})
	case b.ClosedAt != nil && b.SetAside == "":
		v.Actions = append(v.Actions, pages.Choice{Value: "open", Text: "Open the batch again"})
	}
	return v, s.secondFacts(ctx, b, &v)
}
