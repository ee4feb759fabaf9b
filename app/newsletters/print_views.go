package newsletters

import (
	"net/url"
	"strconv"
	"strings"
	"time"

	"conversations/app/audiences"
	"conversations/app/mail"
	pages "conversations/templates/newsletters"
)

// printName is an edition as staff call it.
func printName(p audiences.Print) string {
	if p == audiences.LargePrint {
		return "Large print (18 point)"
	}
	return "Standard print"
}

func paperHref(id int64, page string, p audiences.Print) string {
	return stepPath(id, paperStep) + "/" + page + "?" + url.Values{"print": {string(p)}}.Encode()
}

func (s *Service) paperView(p Paper) pages.PaperView {
	u, path := p.Update, stepPath(p.Update.ID, paperStep)
	v := pages.PaperView{Head: u.head("On paper", path), Path: path}
	left := p.Count.Standard + p.Count.Large
	posted := 0
	for _, one := range p.Count.Posted {
		posted += one.People
		v.Posted = append(v.Posted, pages.PostedRow{Text: counted(one.People, "letter", "letters") + ", marked as posted at " + s.moment(one.At) + ".", At: one.At.Format(time.RFC3339Nano)})
	}
	switch {
	case u.ListID == nil:
		v.Lead = "Nobody is on the list yet. You can see how the letter looks on paper."
	case !p.Ready():
		v.Lead = counted(left, "letter", "letters") + " on paper. Labels can be printed once the letter is sent."
	case left+posted == 0:
		v.Lead = "Nobody gets this letter on paper."
	default:
		v.Lead = counted(left, "letter is", "letters are") + " still to be posted. " + counted(posted, "letter is", "letters are") + " posted."
	}
	for _, edition := range []struct {
		print audiences.Print
		left  int
	}{{audiences.StandardPrint, p.Count.Standard}, {audiences.LargePrint, p.Count.Large}} {
		row := pages.EditionRow{Name: printName(edition.print), Print: string(edition.print), People: counted(edition.left, "letter", "letters") + " to post.",
			LetterHref: paperHref(u.ID, "letter", edition.print)}
		if p.Ready() && edition.left > 0 {
			row.LabelsHref = paperHref(u.ID, "labels", edition.print)
			row.Button = "Mark " + counted(edition.left, "letter", "letters") + " as posted"
		}
		v.Editions = append(v.Editions, row)
	}
	return v
}

func (s *Service) editionView(u Update, blocks []mail.Block, p audiences.Print) pages.EditionView {
	programme := s.Config.Programme
	v := pages.EditionView{Large: p == audiences.LargePrint, Programme: programme.Name, Organisation: programme.Organisation, Sub: programme.Post,
		Title: u.Title, Blocks: mail.Views(withoutHeading(blocks)), Date: s.printDate(u), BackHref: stepPath(u.ID, paperStep)}
	v.Foot = []string{"Telephone us on " + programme.Telephone + ", " + programme.Hours + ".", "If you do not want these letters any more, tell us by telephone, by post or at " + programme.Email + "."}
	other := audiences.LargePrint
	if v.Large {
		other = audiences.StandardPrint
	}
	v.OtherHref, v.OtherText = paperHref(u.ID, "letter", other), "See it in "+strings.ToLower(printName(other)[:1])+printName(other)[1:]
	return v
}

// withoutHeading takes the title off: the page has it already.
func withoutHeading(blocks []mail.Block) []mail.Block {
	if len(blocks) > 0 && blocks[0].Kind == mail.HeadingBlock {
		return blocks[1:]
	}
	return blocks
}

func (s *Service) printDate(u Update) string {
	at := s.DB.Now()
	if u.ReleasedAt != nil {
		at = *u.ReleasedAt
	}
	return at.In(s.Config.Zone()).Format("2 January 2006")
}

func (s *Service) labelsView(u Update, rows []audiences.Row, p audiences.Print, from int) pages.LabelsView {
	v := pages.LabelsView{Head: u.head("Address labels: "+strings.ToLower(printName(p)), stepPath(u.ID, paperStep)), Action: stepPath(u.ID, paperStep) + "/labels", Print: string(p),
		Lead: counted(len(rows), "label", "labels") + ". Who has stopped these letters since is not among them.", From: min(max(1, from), pages.LabelsPerSheet), BackHref: stepPath(u.ID, paperStep)}
	for _, r := range rows {
		v.Labels = append(v.Labels, labelOf(r))
	}
	return v
}

// labelOf is an address as it stands on a label.
func labelOf(r audiences.Row) (lines []string) {
	for _, line := range append(append([]string{r.Name, r.Organisation}, strings.Split(r.PostAddress, "\n")...), r.Postcode) {
		if line = strings.TrimSpace(line); line != "" {
			lines = append(lines, line)
		}
	}
	return lines
}

// readPrint reads an edition from an address or a form.
func readPrint(text string) audiences.Print {
	if audiences.Print(text) == audiences.LargePrint {
		return audiences.LargePrint
	}
	return audiences.StandardPrint
}

func readFrom(text string) int {
	n, err := strconv.Atoi(text)
	if err != nil {
		return 1
	}
	return n
}
