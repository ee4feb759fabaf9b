package newsletters

import (
	"strconv"

	"conversations/templates/mail"
	"conversations/templates/nhs"
)

// Choice is an entry to choose from.
type Choice struct{ Value, Text string }

// Item is an update in a list.
type Item struct{ Title, Href, Kind, Date string }

// Press is whom journalists ask. Email is the page that shows the address, "" where there is none.
type Press struct{ Name, Telephone, Email string }

// ArchiveView is the list of what was published.
type ArchiveView struct {
	Kind, Text string // chosen and looked for
	Kinds      []Choice
	Total      int
	Narrowed   bool
	Updates    []Item
	Pages      nhs.PaginationParams
	Paged      bool
	Press      Press
}

// ReadView is an update as everybody reads it.
type ReadView struct {
	Title, Kind, Date     string
	Blocks                []mail.Block
	Corrects, CorrectedBy *Item
	Press                 Press
}

func counted(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.Itoa(n) + " " + many
}

func options(choices []Choice) (items []nhs.SelectItem) {
	for _, c := range choices {
		items = append(items, nhs.SelectItem{Value: &c.Value, Text: c.Text})
	}
	return items
}
