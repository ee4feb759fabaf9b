package surveys

import (
	"bytes"
	"context"
	"strconv"

	"conversations/app/fault"
)

// Crosstab is how many people gave two answers together. True numbers: for staff, and not for publishing.
type Crosstab struct {
	Form          Form
	Filter        ResultFilter
	Rows, Columns Side
	Cells         [][]int // by row, then column: people
	People        int     // in any cell: who answered both
	All           int     // whom the filter leaves
	Withheld      bool    // an anonymous survey with few answers
	Choices       []Side  // what can be chosen for rows and columns, without categories
}

// Side is one of the two things that a cross-tab counts by.
type Side struct {
	Key, Label string
	Categories []string
	Codes      []string // of the categories, in exports
	Several    bool     // a person can be in several: the shares add up to more than 100%
	Totals     []int    // people by category
}

// Crosstab counts people by two things: keys as in exports (q3, q5_nhs-111), or locality, event, channel. Without keys
// nothing is counted yet. The error is NotFound for a key that is none. It needs the right to manage surveys.
func (s *Service) Crosstab(ctx context.Context, surveyID int64, rows, columns string, f ResultFilter) (x Crosstab, err error) {
	if err := mayBuild(ctx); err != nil {
		return x, err
	}
	read := s.DB.Read(ctx)
	c, err := readCatalogue(read, surveyID)
	if err != nil {
		return x, err
	}
	x.Form, x.Filter = c.form, f.usable(c.form.Survey)
	for _, v := range c.variables {
		x.Choices = append(x.Choices, Side{Key: v.key, Label: v.label})
	}
	for _, key := range []string{byLocality, byEvent, byChannel} {
		x.Choices = append(x.Choices, Side{Key: key, Label: placeLabel(key)})
	}
	if rows == "" || columns == "" {
		return x, nil
	}
	n, err := newCrossing(&c, rows, columns)
	if err != nil {
		return x, err
	}
	where, args := x.Filter.where(s, surveyID)
	if err := eachResponse(read, where, args, n.place(), n.count); err != nil {
		return x, err
	}
	if x.Withheld = c.form.Survey.tooFew(n.all); x.Withheld {
		return x, nil
	}
	x.All, x.People, x.Cells = n.all, n.people, n.square()
	x.Rows, x.Columns = n.rows.shown(), n.columns.shown()
	return x, s.nameCategories(ctx, &x.Rows, &x.Columns)
}

func placeLabel(key string) string {
	return map[string]string{byLocality: "Locality", byEvent: "Event", byChannel: "How people answered"}[key]
}

// crossing counts the people of two variables.
type crossing struct {
	catalogue     *catalogue
	rows, columns *crossed
	cells         [][]int
	people, all   int
	hits          hits
}

// crossed is one of the two, with the categories of the person who is being counted.
type crossed struct {
	variable
	at     int // in the catalogue; -1 for locality, event and channel
	now    []int
	totals []int
}

func newCrossing(c *catalogue, rows, columns string) (n *crossing, err error) {
	n = &crossing{catalogue: c}
	if n.rows, err = n.side(rows); err != nil {
		return nil, err
	}
	if n.columns, err = n.side(columns); err != nil {
		return nil, err
	}
	if n.rows.at < 0 && n.columns.at < 0 && rows != columns {
		return nil, fault.New(fault.Invalid, "Choose a question for one of the two.")
	}
	n.hits = hits{chosen: func(v, category int) {
		if v == n.rows.at {
			n.rows.now = append(n.rows.now, category)
		}
		if v == n.columns.at {
			n.columns.now = append(n.columns.now, category)
		}
	}}
	return n, nil
}

func (n *crossing) side(key string) (*crossed, error) {
	if placeLabel(key) != "" {
		return &crossed{variable: variable{key: key, label: placeLabel(key), question: -1}, at: -1}, nil
	}
	at := n.catalogue.variable(key)
	if at < 0 {
		return nil, fault.New(fault.NotFound, "There is no question of this name in the survey.")
	}
	v := n.catalogue.variables[at]
	return &crossed{variable: v, at: at, totals: make([]int, len(v.categories))}, nil
}

// place is the locality, event or channel that is counted; "" is none.
func (n *crossing) place() string {
	switch {
	case n.rows.at < 0:
		return n.rows.key
	case n.columns.at < 0:
		return n.columns.key
	}
	return ""
}

func (n *crossing) count(line []byte) {
	n.all++
	n.rows.now, n.columns.now = n.rows.now[:0], n.columns.now[:0]
	if n.place() != "" {
		place, rest, _ := bytes.Cut(line, []byte{' '})
		n.rows.place(place)
		n.columns.place(place)
		line = rest
	}
	n.catalogue.read(line, n.hits)
	if len(n.rows.now) == 0 || len(n.columns.now) == 0 {
		return
	}
	n.people++
	for _, column := range n.columns.now {
		n.columns.total(column)
	}
	for _, row := range n.rows.now {
		n.rows.total(row)
		for len(n.cells) <= row {
			n.cells = append(n.cells, nil)
		}
		for _, column := range n.columns.now {
			for len(n.cells[row]) <= column {
				n.cells[row] = append(n.cells[row], 0)
			}
			n.cells[row][column]++
		}
	}
}

// square gives every row all columns.
func (n *crossing) square() [][]int {
	cells := make([][]int, len(n.rows.categories))
	for i := range cells {
		cells[i] = make([]int, len(n.columns.categories))
		if i < len(n.cells) {
			copy(cells[i], n.cells[i])
		}
	}
	for _, side := range []*crossed{n.rows, n.columns} {
		if missing := len(side.categories) - len(side.totals); missing > 0 {
			side.totals = append(side.totals, make([]int, missing)...)
		}
	}
	return cells
}

func (x *crossed) total(category int) {
	for len(x.totals) <= category {
		x.totals = append(x.totals, 0)
	}
	x.totals[category]++
}

// place notes locality, event or channel, of which the categories are those that come.
func (x *crossed) place(place []byte) {
	if x.at >= 0 {
		return
	}
	for i, code := range x.codes {
		if code == string(place) {
			x.now = append(x.now, i)
			return
		}
	}
	x.now = append(x.now, len(x.codes))
	x.codes, x.categories = append(x.codes, string(place)), append(x.categories, string(place))
}

func (x *crossed) shown() Side {
	return Side{Key: x.key, Label: x.label, Categories: x.categories, Codes: x.codes, Several: x.several, Totals: x.totals}
}

// nameCategories puts names in the place of the slugs and ids of localities, events and channels.
func (s *Service) nameCategories(ctx context.Context, sides ...*Side) error {
	for _, side := range sides {
		for i, code := range side.Codes {
			switch side.Key {
			case byLocality:
				side.Categories[i] = s.localityName(code)
			case byChannel:
				side.Categories[i] = channelName(code)
			case byEvent:
				name, err := s.eventName(ctx, code)
				if err != nil {
					return err
				}
				side.Categories[i] = name
			}
		}
	}
	return nil
}

func (s *Service) localityName(slug string) string {
	for _, l := range s.Config.Localities {
		if l.Slug == slug {
			return l.Name
		}
	}
	return "Not known"
}

func (s *Service) eventName(ctx context.Context, code string) (string, error) {
	id, _ := strconv.ParseInt(code, 10, 64)
	if id == 0 {
		return "No event", nil
	}
	briefs, err := s.Events.Briefs(ctx, []int64{id})
	if err != nil {
		return "", err
	}
	return briefs[id].Title + ", " + briefs[id].When(), nil
}
