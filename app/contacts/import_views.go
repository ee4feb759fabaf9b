package contacts

import (
	"context"
	"fmt"
	"strings"

	pages "conversations/templates/contacts"
	"conversations/templates/nhs"
)

func count(n int) string { return english.Sprintf("%d", n) }

// some is a number of things: "1 row", "1,234 rows".
func some(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return count(n) + " " + many
}

func (s *Service) uploadView(ctx context.Context, problems []nhs.FieldError) (pages.ImportUpload, error) {
	v := pages.ImportUpload{Errors: problems, Action: importForm, Limit: fmt.Sprintf("%d MB", s.cfg.Contacts.ImportBytes>>20), Rows: count(s.cfg.Contacts.ImportRows), AllHref: importsPath}
	for _, f := range ImportFields() {
		v.Columns = append(v.Columns, pages.ImportField{Code: f.Code, Label: f.Label})
	}
	groups, err := s.Groups(ctx)
	for _, g := range groups {
		if !g.Retired {
			v.Groups = append(v.Groups, g.Name)
		}
	}
	return v, err
}

// firstShown is how many rows of each kind the page of a list shows; of bad ones more.
const (
	firstShown = 5
	badShown   = 20
)

// importView is the page of a list, as far as it is.
func (s *Service) importView(ctx context.Context, i Import) (v pages.ImportView, err error) {
	v.FileName = i.FileName
	switch i.State {
	case ImportReading:
		v.Heading, v.Lines = "This file was not read to its end", []string{"Delete it, and bring the file in again."}
		v.DropAction = importPath(i.ID) + "/drop"
	case ImportChecking:
		v.Heading, v.Progress = "Checking the list", progress(i, i.Total, "checked")
	case ImportImporting:
		v.Heading, v.Progress = "Bringing the list in", progress(i, i.Created+i.Changed+i.Same, "brought in")
	case ImportUndoing:
		v.Heading, v.Progress = "Taking the list back", progress(i, i.Created+i.Changed, "taken back")
	case ImportChecked:
		err = s.checkedView(ctx, i, &v)
	case ImportDone:
		err = s.doneView(ctx, i, &v)
	case ImportUndone:
		err = s.undoneView(ctx, i, &v)
	}
	return v, err
}

func progress(i Import, of int, done string) *pages.ImportProgress {
	return &pages.ImportProgress{Text: fmt.Sprintf("%s of %s %s.", count(i.Worked), some(of, "row", "rows"), done), Done: i.Worked, Of: of, RefreshURL: importPath(i.ID)}
}

func (s *Service) checkedView(ctx context.Context, i Import, v *pages.ImportView) error {
	set, err := i.Choices()
	if err != nil {
		return err
	}
	v.Heading = "Look at it before you bring it in"
	v.Lines = []string{"Nothing has changed yet."}
	v.Counts = i.counts(forecastWords)
	v.Unknown = strings.Join(set.Unknown(), ", ")
	v.ColumnHref, v.DropAction, v.GroupsHref = importPath(i.ID)+"/columns", importPath(i.ID)+"/drop", importPath(i.ID)+"/groups"
	if v.Parts, err = s.parts(ctx, i, v); err != nil {
		return err
	}
	if v.NewGroups, err = s.missingGroups(ctx, i, set); err != nil {
		return err
	}
	if i.Created+i.Changed == 0 {
		v.Lines = append(v.Lines, "There is nothing in it that we do not know, so there is nothing to bring in.")
		return nil
	}
	v.Confirm = &pages.ImportConfirm{Action: importPath(i.ID) + "/confirm", Seen: i.Forecast()}
	if i.Bad > 0 {
		v.Confirm.SkipBad = "Leave out " + some(i.Bad, "row that cannot be used", "rows that cannot be used") + ", and bring in the others"
	}
	return nil
}

func (s *Service) doneView(ctx context.Context, i Import, v *pages.ImportView) (err error) {
	v.Heading, v.Counts = "The list is brought in", i.counts(doneWords)
	v.Lines = []string{"It was brought in on " + s.momentWords(*i.DoneAt) + "."}
	if until := s.UndoUntil(i); s.db.Now().Before(until) {
		v.UndoHref = importPath(i.ID) + "/undo"
		v.Lines = append(v.Lines, "You can undo it until "+s.momentWords(until)+".")
	} else {
		v.Lines = append(v.Lines, "It cannot be undone any more.")
	}
	v.Parts, err = s.parts(ctx, i, v)
	return err
}

func (s *Service) undoneView(ctx context.Context, i Import, v *pages.ImportView) error {
	v.Heading = "The list was taken back"
	v.Lines = []string{"It was taken back on " + s.momentWords(*i.UndoneAt) + "."}
	v.Counts = []pages.ImportCount{{What: "Contacts as they were before", Count: count(i.Undone)}}
	if i.Kept == 0 {
		return nil
	}
	v.Counts = append(v.Counts, pages.ImportCount{What: "Kept, for they have changed since", Count: count(i.Kept), Href: rowsPath(i.ID, RowsKept)})
	rows, err := s.FirstRows(ctx, i, RowsKept, badShown)
	v.Parts = []pages.ImportPart{part("Contacts that were kept", "They have changed since the list was brought in. Look at each, and change it by hand where it is wrong.", i, rows, i.Kept, RowsKept)}
	return err
}

// countWords are what the counts of a list are called.
type countWords struct{ created, changed, same, doubles, bad, noted string }

var (
	forecastWords = countWords{"New contacts", "Contacts that change", "Contacts with nothing new", "On the list more than once, put together", "Rows that cannot be used", "Kept as unsubscribed"}
	doneWords     = countWords{"New contacts", "Contacts that changed", "Contacts with nothing new", "On the list more than once, put together", "Rows that were left out", "Kept as unsubscribed"}
)

func (i Import) counts(words countWords) (counts []pages.ImportCount) {
	for _, c := range []struct {
		what, show string
		n          int
	}{
		{words.created, string(RowCreates), i.Created}, {words.changed, string(RowChanges), i.Changed}, {words.same, string(RowSame), i.Same},
		{words.doubles, string(RowDouble), i.Doubles}, {words.bad, string(RowBad), i.Bad}, {words.noted, RowsNoted, i.Unsubscribed},
	} {
		if c.n > 0 {
			counts = append(counts, pages.ImportCount{What: c.what, Count: count(c.n), Href: rowsPath(i.ID, c.show)})
		}
	}
	return counts
}

// parts are the first rows of each kind.
func (s *Service) parts(ctx context.Context, i Import, v *pages.ImportView) (parts []pages.ImportPart, err error) {
	for _, p := range []struct {
		heading, lead, show string
		n, shown            int
	}{
		{"", "Each is named with what is wrong. They are not brought in.", string(RowBad), i.Bad, badShown},
		{"Kept as unsubscribed", "Their yes does not count: they said no after it, or no letters go to their address any more. They get no letters.", RowsNoted, i.Unsubscribed, firstShown},
		{"New contacts", "", string(RowCreates), i.Created, firstShown},
		{"Contacts that change", "", string(RowChanges), i.Changed, firstShown},
	} {
		if p.n == 0 {
			continue
		}
		rows, err := s.FirstRows(ctx, i, p.show, p.shown)
		if err != nil {
			return nil, err
		}
		one := part(p.heading, p.lead, i, rows, p.n, p.show)
		if p.show == string(RowBad) {
			one.Heading = pages.BadPart("", nil).Heading
			v.BadCSV, v.BadXLSX = importPath(i.ID)+"/rows.csv?show=bad", importPath(i.ID)+"/rows.xlsx?show=bad"
		}
		parts = append(parts, one)
	}
	return parts, nil
}

func part(heading, lead string, i Import, rows []RowSeen, total int, show string) pages.ImportPart {
	p := pages.ImportPart{Heading: heading, Lead: lead}
	for _, r := range rows {
		p.Rows = append(p.Rows, r.view(false))
	}
	if total > len(rows) {
		p.AllHref, p.AllText = rowsPath(i.ID, show), "Show all "+count(total)
	}
	return p
}

func rowsPath(id int64, show string) string { return importPath(id) + "/rows?show=" + show }
