// Package audiences draws the part of a form by which staff say who something is for.
package audiences

import (
	"conversations/templates/nhs"
)

// Choice is an entry to choose from.
type Choice struct{ Value, Text string }

// RulePart is one part of a rule, to be ticked: who is wanted, who of them, who is not.
type RulePart struct {
	Name, Heading, Text string
	Sources             []RuleSource
	Open                bool
}

// RuleSource is what can be ticked of one sort.
type RuleSource struct {
	Kind, Legend string
	Options      []Choice // Value as it is sent: "group:councillors"
	Chosen       []string
}

// fold says whether the options are so many that they are folded away.
func (s RuleSource) fold() bool { return len(s.Options) > 8 }

func (s RuleSource) items() (items []nhs.ChoiceItem) {
	for _, o := range s.Options {
		items = append(items, nhs.ChoiceItem{Content: nhs.Text(o.Text), Value: o.Value})
	}
	return items
}
