package feedback

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	pages "conversations/templates/feedback"
	"conversations/templates/nhs"
)

// recentThemes are those that have the keys after the suggestions'.
const recentThemes = 4

// formOf is a reading as its form is filled in.
func formOf(r ReadingNow) CodingForm {
	f := CodingForm{Verdict: string(r.Verdict), Tone: r.Tone, Quotable: r.Quotable, Version: r.Version}
	if f.Verdict == "" {
		f.Verdict = string(Coded)
	}
	for _, k := range r.Marks {
		id := strconv.FormatInt(k.ThemeID, 10)
		if k.EndAt > 0 {
			f.Parts = append(f.Parts, fmt.Sprintf("%s:%d:%d", id, k.StartAt, k.EndAt))
		}
		f.Themes = append(f.Themes, id)
	}
	return f
}

// codingView is the screen for a comment, with suggestions and the themes that were used last.
func (s *Service) codingView(ctx context.Context, at screen, r ReadingNow, f CodingForm, messages []nhs.FieldError) (v pages.CodingView, err error) {
	c, err := s.Comment(ctx, at.Comment)
	if err != nil {
		return v, err
	}
	suggested, err := s.Suggestions(ctx, c)
	if err != nil {
		return v, err
	}
	recent, err := s.recent(ctx, recentThemes+shownSuggestions)
	if err != nil {
		return v, err
	}
	if v, err = s.sheet(ctx, c, r, f, suggested, recent); err != nil {
		return v, err
	}
	v.Errors, v.Heading, v.Button = messages, "Code a comment", "Save and go on"
	v.Action = fmt.Sprint(codingHome, "/", c.ID)
	after := at
	after.Comment, after.Not = 0, c.ID
	v.NextHref, v.HereHref, v.UndoHref = after.href(), at.href(), codingHome+"/undo"
	v.Hidden = hidden(at)
	if len(suggested) == 0 && c.Text != "" {
		v.Note = "Suggestions are being made ready. You can code without them."
	}
	if r.Version > 0 && r.Verdict != TakenBack && len(messages) == 0 {
		v.Lead = strings.TrimSpace(r.Coder+" coded this comment on "+s.day(r.ReadAt)) + "."
	}
	if v.Order, err = s.orderView(ctx, at); err != nil {
		return v, err
	}
	v.Order.Waiting = waitingWords(s.desk.count())
	v.Links = codingLinks()
	return v, nil
}

// blindView is the screen without suggestions, and without what anybody else made of the comment.
func (s *Service) blindView(ctx context.Context, r ReadingNow, f CodingForm, messages []nhs.FieldError) (v pages.CodingView, err error) {
	c, err := s.Comment(ctx, r.CommentID)
	if err != nil {
		return v, err
	}
	recent, err := s.recent(ctx, recentThemes)
	if err != nil {
		return v, err
	}
	if v, err = s.sheet(ctx, c, r, f, nil, recent); err != nil {
		return v, err
	}
	v.Errors, v.Links = messages, codingLinks()
	return v, nil
}

// sheet is what every screen has: the comment, and the themes with those that are ticked.
func (s *Service) sheet(ctx context.Context, c Comment, r ReadingNow, f CodingForm, suggested []Suggested, recent []int64) (v pages.CodingView, err error) {
	themes, err := s.AllThemes(ctx)
	if err != nil {
		return v, err
	}
	boxes := newBoxes(themes, f.Themes)
	offered := make([]string, len(suggested))
	for i, one := range suggested {
		offered[i] = strconv.FormatInt(one.Theme.ID, 10)
		box := boxes.take(one.Theme.ID)
		box.Key, box.Sure, box.Words = strconv.Itoa(i+1), fmt.Sprintf("%s, %d in 100", one.Sure, percent(one.Confidence)), strings.Join(one.Words, ", ")
		v.Suggested = append(v.Suggested, box)
	}
	for _, id := range recent {
		if boxes.free(id) && len(v.Recent) < recentThemes {
			box := boxes.take(id)
			box.Key = strconv.Itoa(shownSuggestions + 1 + len(v.Recent))
			v.Recent = append(v.Recent, box)
		}
	}
	v.Tree, v.Offered = boxes.rest(), strings.Join(offered, ",")
	v.Verdict, v.Tone, v.Quotable, v.Excerpt, v.ForTheme = f.Verdict, f.Tone, f.Quotable, f.Excerpt, f.ExcerptTheme
	v.Version, v.Redacted = strconv.Itoa(r.Version), strconv.Itoa(c.Redacted)
	v.Parts = partBoxes(c, boxes.names, f.Parts)
	v.Comment, err = s.codedComment(ctx, c)
	return v, err
}

func (s *Service) codedComment(ctx context.Context, c Comment) (pages.CodedComment, error) {
	v := pages.CodedComment{ID: strconv.FormatInt(c.ID, 10), About: c.About, Text: c.Text}
	v.Facts = s.commentFacts(c)
	if c.EventID != nil {
		var title string
		if err := s.DB.Read(ctx).Raw("SELECT title FROM events WHERE id = ?", *c.EventID).Scan(&title).Error; err != nil {
			return v, fmt.Errorf("read the event of comment %d: %w", c.ID, err)
		}
		v.Facts = append(v.Facts, title)
	}
	return v, nil
}

// commentFacts are where a comment came from.
func (s *Service) commentFacts(c Comment) (facts []string) {
	facts = append(facts, "Comment "+strconv.FormatInt(c.ID, 10), c.Source.Words())
	if l, known := s.Config.Locality(c.Locality); known {
		facts = append(facts, l.Name)
	}
	for _, fact := range []string{c.Service, dayWords(c.SaidOn, "")} {
		if fact != "" {
			facts = append(facts, fact)
		}
	}
	return facts
}

// boxes are the themes, of which each is drawn once.
type boxes struct {
	themes []Theme
	ticked []string
	names  map[string]string // by id
	taken  map[int64]bool
}

func newBoxes(themes []Theme, ticked []string) *boxes {
	b := &boxes{themes: themes, ticked: ticked, names: map[string]string{}, taken: map[int64]bool{}}
	for _, t := range themes {
		b.names[strconv.FormatInt(t.ID, 10)] = t.Name
	}
	return b
}

func (b *boxes) box(t Theme) pages.ThemeBox {
	id := strconv.FormatInt(t.ID, 10)
	box := pages.ThemeBox{ID: id, Code: t.Code, Name: t.Name, Depth: t.Depth, Definition: t.Definition, Ticked: slices.Contains(b.ticked, id)}
	if !t.Live() {
		box.Definition = "This theme was retired or merged into another."
	}
	return box
}

func (b *boxes) take(id int64) (box pages.ThemeBox) {
	b.taken[id] = true
	for _, t := range b.themes {
		if t.ID == id {
			box = b.box(t)
		}
	}
	box.Depth = 0
	return box
}

// free says whether a theme can be offered, and is not drawn yet.
func (b *boxes) free(id int64) bool {
	return !b.taken[id] && slices.ContainsFunc(b.themes, func(t Theme) bool { return t.ID == id && t.Live() })
}

// rest is the tree. Of themes that are not live only those that are ticked are in it.
func (b *boxes) rest() (tree []pages.ThemeBox) {
	for _, t := range b.themes {
		box := b.box(t)
		if !t.Live() && !box.Ticked {
			continue
		}
		box.Above = b.taken[t.ID]
		tree = append(tree, box)
	}
	return tree
}

func partBoxes(c Comment, names map[string]string, parts []string) (list []pages.PartBox) {
	letters := []rune(c.Text)
	for _, part := range parts {
		fields := strings.Split(part, ":")
		if len(fields) != 3 {
			continue
		}
		start, _ := strconv.Atoi(fields[1])
		end, _ := strconv.Atoi(fields[2])
		if start >= 0 && start < end && end <= len(letters) {
			list = append(list, pages.PartBox{Value: part, Theme: names[fields[0]], Words: string(letters[start:end])})
		}
	}
	return list
}

// theirs is how somebody coded a comment, in words.
func (s *Service) theirs(ctx context.Context, r ReadingNow, who string) ([]pages.Theirs, error) {
	themes, err := s.AllThemes(ctx)
	if err != nil {
		return nil, err
	}
	v := pages.Theirs{Who: strings.TrimSpace(who)}
	for _, t := range themes {
		if slices.ContainsFunc(r.Marks, func(k Coding) bool { return k.ThemeID == t.ID }) {
			v.Themes = append(v.Themes, t.Name)
		}
	}
	switch r.Verdict {
	case NoneFits:
		v.Themes = []string{"No theme fits"}
	case Undecided:
		v.Themes = []string{"Could not decide"}
	case TakenBack:
		v.Themes = []string{"Nothing: it was taken back"}
	case Coded:
	}
	if r.Tone != "" {
		v.Facts = append(v.Facts, "Tone: "+r.Tone+".")
	}
	return []pages.Theirs{v}, nil
}

func (s *Service) orderView(ctx context.Context, at screen) (*pages.CodingOrder, error) {
	o := &pages.CodingOrder{Home: codingHome, Order: at.Order, Theme: at.Theme, Locality: at.Locality}
	if at.Event != 0 {
		o.Event = strconv.FormatInt(at.Event, 10)
	}
	themes, err := s.Themes(ctx)
	if err != nil {
		return nil, err
	}
	o.Themes = themePairs(themes)
	for _, l := range s.Config.Localities {
		o.Localities = append(o.Localities, pages.Pair{Name: l.Name, Value: l.Slug})
	}
	var with []struct {
		ID    int64
		Title string
	}
	if err := s.DB.Read(ctx).Raw("SELECT e.id, e.title FROM events e WHERE EXISTS (SELECT 1 FROM comments c WHERE c.event_id = e.id) ORDER BY e.title, e.id").Scan(&with).Error; err != nil {
		return nil, fmt.Errorf("list events with comments: %w", err)
	}
	for _, e := range with {
		o.Events = append(o.Events, pages.Pair{Name: e.Title, Value: strconv.FormatInt(e.ID, 10)})
	}
	return o, nil
}

func themePairs(themes []Theme) (pairs []pages.Pair) {
	for _, t := range themes {
		pairs = append(pairs, pages.Pair{Name: strings.Repeat("– ", t.Depth) + t.Name, Value: strconv.FormatInt(t.ID, 10)})
	}
	return pairs
}
