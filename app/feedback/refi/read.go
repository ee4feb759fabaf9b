package refi

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// ReadCodebook reads a .qdc file. What it cannot use it names in LeftOut. It fails with fault.Invalid, in words to show.
func ReadCodebook(r io.Reader) (*Codebook, error) {
	var in codebookXML
	if err := decode(r, mostCodebookBytes, &in); err != nil {
		return nil, err
	}
	reading := newReading()
	c := &Codebook{Origin: in.Origin, Codes: reading.codes(in.Codes)}
	if len(c.Codes) == 0 {
		return nil, refuse("There is no code in the file.")
	}
	reading.count(in.Sets.len(), "set of codes", "sets of codes")
	c.LeftOut = reading.leftOut()
	return c, reading.err
}

// ReadProject reads a .qdpx file of so many bytes. What it cannot use it names in LeftOut: pictures, recordings, cases, and what
// points nowhere. It fails with fault.Invalid, in words to show.
func ReadProject(r io.ReaderAt, size int64) (*Project, error) {
	p, err := openParts(r, size)
	if err != nil {
		return nil, err
	}
	main := p.files[projectFile]
	if main == nil {
		return nil, refuse("The file is not a REFI-QDA project: there is no %s in it.", projectFile)
	}
	opened, err := main.Open()
	if err != nil {
		return nil, refuse("%s cannot be read.", projectFile)
	}
	defer func() { _ = opened.Close() }()
	var in projectXML
	if err := decode(opened, mostProjectBytes, &in); err != nil {
		return nil, err
	}
	return newReading().project(in, p)
}

// reading remembers what there is to point to and what is left out.
type reading struct {
	seen    map[string]bool // GUIDs of codes, users and notes
	missing []missing
	err     error // the first thing that cannot be
}

type missing struct {
	n         int
	one, many string
}

func newReading() *reading { return &reading{seen: map[string]bool{}} }

func (r *reading) count(n int, one, many string) {
	for i := range r.missing {
		if r.missing[i].one == one {
			r.missing[i].n += n
			return
		}
	}
	if n > 0 {
		r.missing = append(r.missing, missing{n, one, many})
	}
}

func (r *reading) leftOut() (words []string) {
	for _, m := range r.missing {
		if m.n == 1 {
			words = append(words, "1 "+m.one)
		} else {
			words = append(words, fmt.Sprintf("%d %s", m.n, m.many))
		}
	}
	return words
}

// guid takes a GUID down; the same one twice, or one of another form, cannot be.
func (r *reading) guid(guid, what string) string {
	guid = plain(guid)
	switch {
	case r.err != nil:
	case !guidForm.MatchString(guid):
		r.err = refuse("%s has %.60q for a GUID, which is none.", what, guid)
	case r.seen[guid]:
		r.err = refuse("%s has a GUID that something else has too: %s.", what, guid)
	}
	r.seen[guid] = true
	return guid
}

func (r *reading) codes(in []codeXML) (codes []Code) {
	for _, x := range in {
		c := Code{GUID: r.guid(x.GUID, fmt.Sprintf("The code %.60q", x.Name)), Name: x.Name, Description: x.Description, Grouping: x.Codable == "false" || x.Codable == "0"}
		if colourForm.MatchString(x.Colour) {
			c.Colour = x.Colour
		}
		if strings.TrimSpace(x.Name) == "" && r.err == nil {
			r.err = refuse("A code has no name: %s.", c.GUID)
		}
		c.Codes = r.codes(x.Codes)
		codes = append(codes, c)
	}
	return codes
}

func (r *reading) project(in projectXML, parts *parts) (*Project, error) {
	p := &Project{Name: in.Name, Origin: in.Origin, Description: in.Description, Creator: plain(in.Creator), Created: whenever(in.Created)}
	if in.Users != nil {
		for _, u := range in.Users.Users {
			p.Users = append(p.Users, User{r.guid(u.GUID, fmt.Sprintf("The user %.60q", u.Name)), u.Name})
		}
	}
	if in.Codebook != nil {
		p.Codes = r.codes(in.Codebook.Codes)
	}
	if in.Notes != nil {
		for _, x := range in.Notes.Notes {
			r.guid(x.GUID, "A note")
		}
		p.Notes = r.texts(in.Notes.Notes, parts)
	}
	if in.Sources != nil {
		for _, x := range in.Sources.Texts {
			r.guid(x.GUID, "A source")
		}
		p.Sources = r.texts(in.Sources.Texts, parts)
		r.count(len(in.Sources.Pictures), "picture", "pictures")
		r.count(len(in.Sources.PDFs), "PDF", "PDFs")
		r.count(len(in.Sources.Audios), "sound recording", "sound recordings")
		r.count(len(in.Sources.Videos), "film", "films")
	}
	r.count(in.Variables.len(), "variable", "variables")
	r.count(in.Cases.len(), "case", "cases")
	r.count(in.Links.len(), "link", "links")
	r.count(in.Sets.len(), "set", "sets")
	r.count(in.Graphs.len(), "graph", "graphs")
	r.count(len(in.NoteRefs), "note on the whole project", "notes on the whole project")
	p.LeftOut = r.leftOut()
	return p, r.err
}

func (r *reading) texts(in []textXML, parts *parts) (sources []Source) {
	for _, x := range in {
		if r.err != nil {
			return nil
		}
		s := Source{GUID: plain(x.GUID), Name: x.Name, Description: x.Description, Creator: plain(x.Creator), Created: whenever(x.Created)}
		switch file, inside := strings.CutPrefix(x.Path, internal); {
		case inside:
			s.Text, r.err = parts.text(file)
		case x.Content != nil:
			s.Text = *x.Content
		default:
			r.count(1, "text that is not in the file", "texts that are not in the file")
			continue
		}
		s.Codings, s.Notes = r.codings(x.Codings), r.notes(x.NoteRefs)
		long := utf8.RuneCountInString(s.Text)
		for _, sel := range x.Selections {
			if sel.Start < 0 || sel.End < sel.Start || sel.End > long {
				r.count(1, "marked place outside of its text", "marked places outside of their texts")
				continue
			}
			s.Selections = append(s.Selections, Selection{GUID: r.guid(sel.GUID, "A marked place"), Name: sel.Name, Description: sel.Description, Start: sel.Start, End: sel.End,
				Creator: plain(sel.Creator), Created: whenever(sel.Created), Codings: r.codings(sel.Codings), Notes: r.notes(sel.NoteRefs)})
		}
		sources = append(sources, s)
	}
	return sources
}

func (r *reading) codings(in []codingXML) (codings []Coding) {
	for _, x := range in {
		code := plain(x.Code.Target)
		if !r.seen[code] {
			r.count(1, "coding with a code that is not there", "codings with codes that are not there")
			continue
		}
		codings = append(codings, Coding{r.guid(x.GUID, "A coding"), code, plain(x.Creator), whenever(x.Created), r.notes(x.NoteRefs)})
	}
	return codings
}

func (r *reading) notes(in []noteRefXML) (guids []string) {
	for _, x := range in {
		if guid := plain(x.Target); r.seen[guid] {
			guids = append(guids, guid)
		} else {
			r.count(1, "note that is not there", "notes that are not there")
		}
	}
	return guids
}
