package newsletters

import (
	"context"
	"strconv"
	"strings"

	"conversations/app/audit"
	"conversations/app/files"
	"conversations/app/mail"
	pages "conversations/templates/newsletters"
	"conversations/templates/nhs"
)

func (s *Service) historyView(u Update, h History) pages.HistoryView {
	path := staffPath(u.ID) + "/texts"
	v := pages.HistoryView{Head: u.head("Earlier texts", path), Paged: h.Pages > 1,
		Pages: pagination(h.Page, h.Pages, func(n int) string { return path + "?page=" + strconv.Itoa(n) })}
	for _, t := range h.Texts {
		row := pages.TextRow{Href: textPath(u.ID, t.ID), When: s.moment(t.CreatedAt), Writer: by(t.Writer), Made: t.Made.Words(), Words: english.Sprintf("%d", t.Words)}
		switch {
		case t.ID == u.TextID:
			row.Made += ". This is the text now"
		case t.Aside && t.SettledAt == nil:
			row.Made += ". Kept beside the text: somebody else saved at the same time"
		}
		v.Rows = append(v.Rows, row)
	}
	return v
}

func (s *Service) textView(ctx context.Context, u Update, t KeptText) (v pages.TextView, err error) {
	c, err := readContent(t.Content)
	if err != nil {
		return v, err
	}
	blocks, err := s.Blocks(ctx, u, c)
	if err != nil {
		return v, err
	}
	path := textPath(u.ID, t.ID)
	v = pages.TextView{Head: u.head("Text of "+s.moment(t.CreatedAt), staffPath(u.ID)+"/texts"), BasedOn: u.TextID,
		Facts:  []pages.Fact{{Label: "Title", Text: c.Title}, {Label: "By", Text: by(t.Writer)}, {Label: "How", Text: t.Made.Words()}, {Label: "Length", Text: lengthWords(t.Words)}},
		Blocks: mail.Views(mail.Filled(blocks, mail.Values{Name: NamePlaceholder}))}
	if t.ID != u.TextID {
		v.CompareHref = path + "/compare"
		if u.Writable() {
			v.RestoreHref = path + "/restore"
		}
	}
	return v, nil
}

// compareView sets two texts beside each other; chosen is what was chosen before, nil for what is suggested.
func (s *Service) compareView(c Comparison, chosen map[string]Side, problems []nhs.FieldError) pages.CompareView {
	path := textPath(c.Update.ID, c.Other.ID)
	v := pages.CompareView{Head: c.Update.head("Two texts beside each other", staffPath(c.Update.ID)+"/texts"), Action: path + "/compare", TextHref: path, BasedOn: c.Now.ID,
		NowBy: "The text now, by " + by(c.Now.Writer), OtherBy: "The text by " + by(c.Other.Writer) + " of " + s.moment(c.Other.CreatedAt),
		Errors: problems, CanChoose: c.Update.Writable(), Lead: "Words that only one of them has are marked. Choose, for each part, whose words to keep."}
	if c.Other.Aside && c.Other.SettledAt == nil {
		v.Lead = "Two people wrote at the same time, and both texts are kept. " + v.Lead + " Where only one of them changed a part, that one is chosen already."
	}
	for _, d := range c.Parts {
		now, other := Differences(d.Now, d.Other)
		side := d.Suggested
		if chosen != nil {
			side = chosen[d.ID]
		}
		v.Parts = append(v.Parts, pages.PartView{ID: d.ID, Label: d.Label, Now: piecesView(now), Other: piecesView(other), Choice: string(side), CanBoth: d.CanBoth, Both: d.Suggested == ""})
	}
	return v
}

func piecesView(pieces []Piece) (out []pages.Piece) {
	for _, p := range pieces {
		out = append(out, pages.Piece(p))
	}
	return out
}

func (s *Service) checksView(u Update, c Checks) pages.ChecksView {
	v := pages.ChecksView{Head: u.head("Check", staffPath(u.ID)+"/check"), Words: lengthWords(c.Words), Size: files.Size(int64(c.Bytes)), Writable: u.Writable()}
	for _, f := range c.Findings {
		l := pages.Link{Text: f.Text, Href: staffPath(u.ID) + "/edit#" + f.Field}
		if f.Error {
			v.Errors = append(v.Errors, l)
		} else {
			v.Warnings = append(v.Warnings, l)
		}
	}
	for _, r := range c.Readings {
		row := pages.ReadingRow{Href: staffPath(u.ID) + "/edit#" + r.Field, Label: r.Label, Words: strconv.Itoa(r.Reading.Words), Age: "Too few words",
			Note: counted(len(strings.Fields(r.Reading.Longest)), "word", "words")}
		if age := r.Reading.Age(); age > 0 {
			row.Age = strconv.Itoa(age)
		}
		v.Readings = append(v.Readings, row)
	}
	return v
}

func (s *Service) previewView(ctx context.Context, u Update, p Preview) pages.PreviewView {
	path := staffPath(u.ID)
	return pages.PreviewView{Head: u.head("Preview", path+"/preview"), Subject: p.Subject, Src: path + "/preview/letter", Text: p.Text, TestAction: path + "/test", Email: audit.ActorFrom(ctx).Email}
}
