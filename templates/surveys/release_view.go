package surveys

import (
	"conversations/templates/charts"
	"conversations/templates/nhs"
)

// PublishedQuestion is what everybody can see of the answers to one question.
type PublishedQuestion struct {
	ID, Label string
	Notes     []string
	Hidden    []string // what is left out or counted together, in words
	Chart     charts.BarsParams
	Tables    []nhs.TableParams
	ByLabel   string
	Crossed   []nhs.TableParams
}

// PublishView is the page on which staff publish results.
type PublishView struct {
	Title, Problem     string
	Action, ShowAction string
	By, ByLabel        string
	Fixed              bool // an earlier release has settled by what is counted
	Shown, TooFew      bool
	Digest             string
	People             int
	Last               string // day of the last release; "" is none
	PublicHref         string
	Choices            []Choice
	Questions          []PublishedQuestion
}

// PublicResultsView is the page on which everybody reads results.
type PublicResultsView struct {
	Title, On, ByLabel string
	People             int
	Questions          []PublishedQuestion
	CSVHref, XLSXHref  string
}

func anyHidden(questions []PublishedQuestion) bool {
	for _, q := range questions {
		if len(q.Hidden) > 0 {
			return true
		}
	}
	return false
}
