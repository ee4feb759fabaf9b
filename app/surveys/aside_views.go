package surveys

import (
	"net/url"
	"strconv"
	"strings"

	"conversations/templates/nhs"
	pages "conversations/templates/surveys"
)

// responseNumber is what a response is called, on pages and in exports.
func responseNumber(id int64) string { return strconv.FormatInt(id, 36) }

func responsesPath(surveyID int64) string { return staffPath(surveyID) + "/responses" }

func responsePath(surveyID, id int64) string {
	return responsesPath(surveyID) + "/" + responseNumber(id)
}

// channels are the ways in which answers come, with their words.
var channels = []pages.Choice{{Value: "online", Text: "Online"}, {Value: "paper", Text: "On paper"}, {Value: "telephone", Text: "By telephone"}, {Value: "import", Text: "Brought in"}}

func channelWords(channel string) string {
	for _, c := range channels {
		if c.Value == channel {
			return c.Text
		}
	}
	return channel
}

// href is the address of the same view of the list, below another path or at another page.
func (f ResponseFilter) href(path string, page int) string {
	q := url.Values{}
	for name, value := range map[string]string{"state": string(f.State), "channel": f.Channel} {
		if value != "" {
			q.Set(name, value)
		}
	}
	if page > 1 {
		q.Set("page", strconv.Itoa(page))
	}
	if len(q) == 0 {
		return path
	}
	return path + "?" + q.Encode()
}

func (s *Service) responsesView(f ResponseFilter, p ResponsePage) pages.ResponsesView {
	path := responsesPath(p.Form.Survey.ID)
	v := pages.ResponsesView{Title: p.Form.Words.Title, Action: path, Withheld: p.Withheld, Anonymous: p.Form.Survey.Anonymous, State: string(f.State), Channel: f.Channel, Channels: channels,
		Total: p.Total, Paged: p.Pages > 1, CSVHref: f.href(path+"/list.csv", 1), XLSXHref: f.href(path+"/list.xlsx", 1)}
	v.Pages = nhs.Pages(p.Page, p.Pages, func(n int) string { return f.href(path, n) })
	for _, r := range p.Responses {
		row := pages.ResponseRow{Number: responseNumber(r.ID), Href: responsePath(r.SurveyID, r.ID), State: r.State.Words(), Aside: r.State == SetAside, Channel: channelWords(r.Channel), Reason: r.SetAside}
		if l, known := s.Config.Locality(r.Locality); known {
			row.Locality = l.Name
		}
		if r.SubmittedAt != nil {
			row.When = s.at(*r.SubmittedAt)
		}
		v.Rows = append(v.Rows, row)
	}
	return v
}

func (s *Service) responseView(a Answering, reason string) pages.ResponseView {
	r := a.Response
	v := pages.ResponseView{Title: a.Form.Words.Title, Number: responseNumber(r.ID), Action: responsePath(r.SurveyID, r.ID), State: r.State.Words(), Aside: r.State == SetAside,
		Kept: r.SetAside, Reason: reason, Channel: channelWords(r.Channel)}
	for _, section := range a.Form.Sections {
		for _, q := range section.Questions {
			if given := a.Answers[q.ID]; !given.Empty() {
				v.Answers = append(v.Answers, [2]string{q.Words.Title, q.said(given)})
			}
		}
	}
	return v
}

// said is an answer in words.
func (q FormQuestion) said(g Given) string {
	labels := func(list []FormChoice, id int64) string {
		for _, c := range list {
			if c.ID == id {
				return c.Label
			}
		}
		return ""
	}
	var parts []string
	switch {
	case g.Unreadable:
		return "Cannot be read"
	case len(g.Rows) > 0:
		for _, row := range q.Rows {
			if option, there := g.Rows[row.ID]; there {
				parts = append(parts, row.Label+": "+labels(q.Options, option))
			}
		}
	case len(g.Choices) > 0:
		for _, id := range g.Choices {
			parts = append(parts, labels(q.Options, id))
		}
		if g.Other != "" {
			parts = append(parts, g.Other)
		}
	case g.Number != nil:
		return strconv.FormatInt(*g.Number, 10)
	default:
		return g.Text
	}
	return strings.Join(parts, "\n")
}
