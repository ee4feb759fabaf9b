package newsletters

import (
	"context"
	"strconv"
	"strings"
	"time"

	"conversations/app/audit"
	"conversations/app/files"
	pages "conversations/templates/newsletters"
	"conversations/templates/nhs"
)

// writingNow is how long after a save its writer may still be at it.
const writingNow = 15 * time.Minute

// picturePixels is how wide a picture is shown in the form, in CSS pixels.
const picturePixels = 200

// editView is the page on which a letter is written: typed is what stands in the form, based on a text.
func (s *Service) editView(ctx context.Context, u Update, typed Writing, problems []nhs.FieldError) (v pages.EditView, err error) {
	path := staffPath(u.ID)
	v = pages.EditView{Head: u.head("Write", path+"/edit"), Action: path + "/edit", NowHref: path + "/now", Kind: string(typed.Kind), Kinds: kindChoices(), BasedOn: typed.BasedOn,
		Letter: u.isLetter(), Title: typed.Content.Title, Opening: typed.Content.Opening, Nameless: typed.Content.Nameless, Closing: typed.Content.Closing,
		Localities: s.localityChoices(), PictureSize: files.Size(s.Config.Updates.PictureBytes), Errors: problems}
	me := audit.ActorFrom(ctx).ID
	v.StoreKey = "update-" + strconv.FormatInt(u.ID, 10) + "-" + strconv.FormatInt(me, 10)
	counts, err := s.KeptText(ctx, u.ID, u.TextID)
	if err != nil {
		return v, err
	}
	v.SavedBy = "Saved at " + s.clock(counts.CreatedAt) + " by " + by(counts.Writer) + "."
	if s.DB.Now().Sub(counts.CreatedAt) >= 24*time.Hour {
		v.SavedBy = "Saved at " + s.moment(counts.CreatedAt) + " by " + by(counts.Writer) + "."
	}
	if counts.StaffID != nil && *counts.StaffID == me {
		v.After = counts.BasedOn
	}
	if counts.StaffID != nil && *counts.StaffID != me && s.DB.Now().Sub(counts.CreatedAt) < writingNow {
		v.Somebody = counts.Writer + " saved this letter at " + s.clock(counts.CreatedAt) + " and may still be writing. If you both save, you are told, and both texts are kept."
	}
	switch u.State {
	case Asked:
		v.Approval = "This letter is waiting for approval. If you change it, approval has to be asked for again."
	case Approved:
		v.Approval = "This letter is approved. If you change it, it has to be approved again."
	case Draft, Sending, Sent, Published:
	}
	if v.Asides, err = s.asideLinks(ctx, u); err != nil {
		return v, err
	}
	for i, signatory := range typed.Content.Signatories {
		v.Signatories = append(v.Signatories, pages.SignatoryView{N: i, Name: signatory.Name, Office: signatory.Office})
	}
	if len(v.Signatories) == 0 {
		v.Signatories = []pages.SignatoryView{{}}
	}
	v.Sections, err = s.sectionViews(ctx, typed.Content)
	return v, err
}

func (s *Service) asideLinks(ctx context.Context, u Update) (links []pages.Link, err error) {
	asides, err := s.Asides(ctx, u.ID)
	for _, a := range asides {
		links = append(links, pages.Link{Text: "By " + by(a.Writer) + ", " + s.moment(a.CreatedAt), Href: textPath(u.ID, a.ID) + "/compare"})
	}
	return links, err
}

func (s *Service) localityChoices() []pages.Choice {
	choices := []pages.Choice{{Text: "All events"}}
	for _, l := range s.Config.Localities {
		choices = append(choices, pages.Choice{Value: l.Slug, Text: "Events in " + l.Name})
	}
	return choices
}

func (s *Service) sectionViews(ctx context.Context, c Content) (views []pages.SectionView, err error) {
	pictures, err := s.pictureFacts(ctx, c)
	if err != nil {
		return nil, err
	}
	for i, section := range c.Sections {
		v := pages.SectionView{N: i, Key: section.Key, Kind: string(section.Kind), Legend: section.legend(i), Heading: section.Heading, Body: section.Body,
			Locality: section.Locality, PictureID: section.PictureID, Alt: section.Alt, First: i == 0, Last: i == len(c.Sections)-1,
			Headings: len(section.split()) > 1 || section.Heading == "" && strings.HasPrefix(strings.TrimSpace(section.Body), "#")}
		if p, there := pictures[section.PictureID]; there {
			v.PictureSrc, v.PictureName, v.PictureWidth = p.path(), p.Name, min(p.Width, picturePixels)
			v.PictureHigh = max(1, p.Height*v.PictureWidth/p.Width)
		}
		if section.Kind == EventsSection {
			lines, err := s.comingEvents(ctx, section.Locality)
			if err != nil {
				return nil, err
			}
			for _, e := range lines {
				v.Events = append(v.Events, e.Title+". "+e.When)
			}
		}
		views = append(views, v)
	}
	return views, nil
}

// legend tells the sections in the form apart.
func (s Section) legend(i int) string {
	number := strconv.Itoa(i + 1)
	switch s.Kind {
	case PictureSection:
		return "Section " + number + ": a picture"
	case EventsSection:
		return "Section " + number + ": coming events"
	case TextSection:
	}
	return "Section " + number
}
