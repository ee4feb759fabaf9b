package contacts

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"

	pages "conversations/templates/contacts"
	"conversations/templates/nhs"

	"conversations/app/links"
)

// view is a row as a line of a table; withKind has it say what it is, where rows of all kinds stand together.
func (r RowSeen) view(withKind bool) pages.ImportRow {
	v := pages.ImportRow{Line: fmt.Sprint(r.Line), Who: r.Who, Tells: r.Tells, WithKind: withKind}
	v.State, v.Colour = outcomeWords(r.Outcome)
	if r.ContactID != nil {
		v.Href = fmt.Sprintf("%s/%d", listPath, *r.ContactID)
	}
	switch {
	case r.Outcome == RowBad:
		v.Tells = []string{r.Reason}
	case r.Note == NoteUnsubscribed:
		v.Tells = append([]string{"Kept as unsubscribed: they said no after the yes of this row."}, v.Tells...)
	case r.Note == NoteSuppressed:
		v.Tells = append([]string{"Kept as unsubscribed: no letters go to this address, because they came back, were called spam, or were not wanted."}, v.Tells...)
	}
	return v
}

func outcomeWords(o Outcome) (words, colour string) {
	switch o {
	case RowCreates:
		return "New", "green"
	case RowChanges:
		return "Changed", "blue"
	case RowSame:
		return "Nothing new", "grey"
	case RowDouble:
		return "Put together", "grey"
	case RowBad:
		return "Cannot be used", "red"
	}
	return "Not checked yet", "yellow"
}

// rowChoices are the kinds of row that staff can look at.
func rowChoices() []pages.Choice {
	return []pages.Choice{
		{Value: "", Label: "All rows"}, {Value: string(RowBad), Label: "Rows that cannot be used"}, {Value: string(RowCreates), Label: "New contacts"},
		{Value: string(RowChanges), Label: "Contacts that change"}, {Value: string(RowSame), Label: "Contacts with nothing new"},
		{Value: string(RowDouble), Label: "Put together with another row"}, {Value: RowsNoted, Label: "Kept as unsubscribed"}, {Value: RowsKept, Label: "Kept when the list was taken back"},
	}
}

func rowsView(i Import, f RowFilter, page RowPage) pages.ImportRows {
	path := importPath(i.ID) + "/rows"
	v := pages.ImportRows{FileName: i.FileName, Path: path, Show: f.Show, Shows: rowChoices(), Total: some(page.Total, "row", "rows"), Paged: page.Pages > 1}
	query := url.Values{}
	if f.Show != "" {
		query.Set("show", f.Show)
	}
	v.CSVHref, v.XLSXHref = addressOf(path+".csv", query), addressOf(path+".xlsx", query)
	v.Pages = paging(path, query, page.Page, page.Pages)
	for _, r := range page.Rows {
		v.Rows = append(v.Rows, r.view(f.Show == ""))
	}
	return v
}

func addressOf(path string, query url.Values) string {
	if len(query) == 0 {
		return path
	}
	return path + "?" + query.Encode()
}

// paging leads to the first, the last and the neighbouring pages.
func paging(path string, query url.Values, page, pageCount int) (p nhs.PaginationParams) {
	at := func(n int) string {
		query.Set("page", fmt.Sprint(n))
		return addressOf(path, query)
	}
	last := 0
	for n := 1; n <= pageCount; n++ {
		if n != 1 && n != pageCount && (n < page-2 || n > page+2) {
			continue
		}
		if n > last+1 {
			p.Items = append(p.Items, nhs.PaginationItem{Ellipsis: true})
		}
		p.Items = append(p.Items, nhs.PaginationItem{Number: n, Href: at(n), Current: n == page})
		last = n
	}
	if page > 1 {
		p.Previous.Href = at(page - 1)
	}
	if page < pageCount {
		p.Next.Href = at(page + 1)
	}
	return p
}

// groupsOffered is how many groups are offered to be made at the most, and missingLooked how many bad rows are looked
// through for them.
const (
	groupsOffered = 20
	missingLooked = 2000
)

// missingGroups are the names of groups that bad rows have and that are not there.
func (s *Service) missingGroups(ctx context.Context, i Import, set ImportSettings) (missing []string, err error) {
	if i.Bad == 0 || !slices.Contains(set.Columns, fieldGroups) {
		return nil, nil
	}
	w, err := s.startLook(ctx, i)
	if err != nil {
		return nil, err
	}
	rows, err := rowsOf(s.db.Read(ctx), `import_id = ? AND outcome = 'bad' AND trouble = '' AND reason LIKE '%There is no group %' ORDER BY id LIMIT ?`, i.ID, missingLooked)
	if err != nil {
		return nil, err
	}
	for _, row := range rows {
		cells, err := row.values()
		if err != nil {
			return nil, err
		}
		c := reading{rowReader: w.reader, cells: cells}
		for _, name := range c.unknown(fieldGroups, w.reader.groups) {
			again := slices.ContainsFunc(missing, func(other string) bool { return sameTitle(name, other) })
			if !again && links.Words(name) != "" && len(missing) < groupsOffered {
				missing = append(missing, name)
			}
		}
	}
	return missing, nil
}

func undoView(i Import) pages.ImportUndo {
	return pages.ImportUndo{FileName: i.FileName, Action: importPath(i.ID) + "/undo", BackHref: importPath(i.ID), Lines: []string{
		some(i.Created, "contact that it brought is", "contacts that it brought are") + " deleted.",
		some(i.Changed, "contact that it changed is", "contacts that it changed are") + " again what they were: names, addresses, groups, localities.",
		"What it noted of a yes or no does not count any more.",
		"Contacts that have changed since, or have said something themselves, are kept as they are. You will see which.",
		"Letters that have left cannot be taken back.",
	}}
}

// stateWords say how far a list is.
func stateWords(s ImportState) (words, colour string) {
	switch s {
	case ImportReading:
		return "Not read to its end", "red"
	case ImportRead:
		return "Say what the columns are", "yellow"
	case ImportChecking:
		return "Being checked", "blue"
	case ImportChecked:
		return "To confirm", "yellow"
	case ImportImporting:
		return "Being brought in", "blue"
	case ImportDone:
		return "Brought in", "green"
	case ImportUndoing:
		return "Being taken back", "blue"
	case ImportUndone:
		return "Taken back", "grey"
	}
	return string(s), "grey"
}

func (s *Service) importsView(f ImportFilter, page ImportPage) pages.ImportList {
	v := pages.ImportList{State: string(f.State), Sort: f.Sort, Total: some(page.Total, "list", "lists"), Paged: page.Pages > 1, Filtered: f.State != "",
		States: []pages.Choice{{Value: "", Label: "All"}},
		Sorts: []pages.Choice{{Value: "", Label: "Newest first"}, {Value: "added", Label: "Oldest first"}, {Value: "name", Label: "File, A to Z"}, {Value: "-name", Label: "File, Z to A"},
			{Value: "-rows", Label: "Rows, most first"}, {Value: "rows", Label: "Rows, fewest first"}}}
	for _, state := range []ImportState{ImportRead, ImportChecking, ImportChecked, ImportImporting, ImportDone, ImportUndoing, ImportUndone, ImportReading} {
		words, _ := stateWords(state)
		v.States = append(v.States, pages.Choice{Value: string(state), Label: words})
	}
	query := url.Values{}
	for name, value := range map[string]string{"state": string(f.State), "sort": f.Sort} {
		if value != "" {
			query.Set(name, value)
		}
	}
	v.CSVHref, v.XLSXHref = addressOf(importsPath+".csv", query), addressOf(importsPath+".xlsx", query)
	v.Heads = importHeads(f, query)
	v.Pages = paging(importsPath, query, page.Page, page.Pages)
	for _, i := range page.Imports {
		v.Rows = append(v.Rows, s.importListed(i))
	}
	return v
}

// importHeads are the columns of the table: a press on one sorts by it, the next press the other way round.
func importHeads(f ImportFilter, query url.Values) (heads []nhs.TableCell) {
	for _, c := range []struct{ key, text string }{{"name", "File"}, {"", "How far"}, {"rows", "Rows"}, {"", "What it did"}, {"added", "When"}, {"", "By"}} {
		cell := nhs.Cell(c.text)
		if c.key != "" {
			next := c.key
			cell.Sort = "none"
			switch f.Sort {
			case c.key:
				cell.Sort, next = "ascending", "-"+c.key
			case "-" + c.key:
				cell.Sort = "descending"
			}
			sorted := url.Values{"sort": {next}}
			if state := query.Get("state"); state != "" {
				sorted.Set("state", state)
			}
			cell.Href = addressOf(importsPath, sorted)
		}
		heads = append(heads, cell)
	}
	return heads
}

func (s *Service) importListed(i ImportListed) pages.ImportListed {
	v := pages.ImportListed{Href: importPath(i.ID), Name: i.FileName, Rows: count(i.Total), When: s.momentWords(i.CreatedAt), By: i.By, Result: "–"}
	v.State, v.Colour = stateWords(i.State)
	if v.By == "" {
		v.By = "The command line"
	}
	switch i.State {
	case ImportDone:
		v.Result = strings.Join([]string{count(i.Created) + " new", count(i.Changed) + " changed", count(i.Bad) + " left out"}, ", ")
	case ImportUndone:
		v.Result = count(i.Undone) + " taken back, " + count(i.Kept) + " kept"
	}
	return v
}
