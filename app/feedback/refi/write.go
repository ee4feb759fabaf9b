package refi

import (
	"archive/zip"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"
)

// ErrNoCodes is that a codebook has no code: the standard has no file for that.
var ErrNoCodes = errors.New("there is no theme to write")

// WriteCodebook writes a .qdc file. It fails where a code lacks a GUID or a name, with ErrNoCodes, or when w does.
func WriteCodebook(w io.Writer, c Codebook) error {
	if len(c.Codes) == 0 {
		return ErrNoCodes
	}
	codes, err := codesOut(c.Codes)
	if err != nil {
		return err
	}
	return writeXML(w, codebookXML{Space: codebookSpace, Origin: c.Origin, Codes: codes})
}

// WriteProject writes a .qdpx file: project.qde, and each text in a file of its own, so that it stays as it is to the byte.
// It fails where something lacks a GUID, a selection leaves its text, or w fails.
func WriteProject(w io.Writer, p Project) error {
	out, err := projectOut(p)
	if err != nil {
		return err
	}
	archive := zip.NewWriter(w)
	main, err := archive.CreateHeader(&zip.FileHeader{Name: projectFile, Method: zip.Deflate})
	if err != nil {
		return err
	}
	if err := writeXML(main, out); err != nil {
		return err
	}
	for _, texts := range [][]Source{p.Sources, p.Notes} {
		for _, s := range texts {
			part, err := archive.CreateHeader(&zip.FileHeader{Name: sourcesFolder + plain(s.GUID) + ".txt", Method: zip.Deflate})
			if err != nil {
				return err
			}
			if _, err := io.WriteString(part, s.Text); err != nil {
				return err
			}
		}
	}
	return archive.Close()
}

func writeXML(w io.Writer, v any) error {
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	encoder := xml.NewEncoder(w)
	encoder.Indent("", " ")
	if err := encoder.Encode(v); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}

func projectOut(p Project) (out projectXML, err error) {
	out = projectXML{Space: projectSpace, Name: p.Name, Origin: p.Origin, Creator: plain(p.Creator), Created: instant(p.Created), Description: p.Description}
	if len(p.Users) > 0 {
		out.Users = &usersXML{}
		for _, u := range p.Users {
			out.Users.Users = append(out.Users.Users, userXML{plain(u.GUID), u.Name})
		}
	}
	if len(p.Codes) > 0 {
		codes, err := codesOut(p.Codes)
		if err != nil {
			return out, err
		}
		out.Codebook = &codesXML{codes}
	}
	if len(p.Sources) > 0 {
		out.Sources = &sourcesXML{}
		if out.Sources.Texts, err = textsOut(p.Sources); err != nil {
			return out, err
		}
	}
	if len(p.Notes) > 0 {
		out.Notes = &notesXML{}
		out.Notes.Notes, err = textsOut(p.Notes)
	}
	return out, err
}

func codesOut(codes []Code) (out []codeXML, err error) {
	for _, c := range codes {
		x := codeXML{GUID: plain(c.GUID), Name: c.Name, Codable: fmt.Sprint(!c.Grouping), Description: c.Description}
		if !guidForm.MatchString(x.GUID) || c.Name == "" {
			return nil, fmt.Errorf("the code %q (%q) needs a GUID and a name", c.Name, c.GUID)
		}
		if colourForm.MatchString(c.Colour) {
			x.Colour = c.Colour
		}
		if x.Codes, err = codesOut(c.Codes); err != nil {
			return nil, err
		}
		out = append(out, x)
	}
	return out, nil
}

func textsOut(sources []Source) (out []textXML, err error) {
	for _, s := range sources {
		x := textXML{GUID: plain(s.GUID), Name: s.Name, Creator: plain(s.Creator), Created: instant(s.Created), Description: s.Description, Codings: codingsOut(s.Codings), NoteRefs: refsOut(s.Notes)}
		if !guidForm.MatchString(x.GUID) {
			return nil, fmt.Errorf("the source %q (%q) needs a GUID", s.Name, s.GUID)
		}
		if !utf8.ValidString(s.Text) {
			return nil, fmt.Errorf("the text of %q is not in UTF-8", s.Name)
		}
		x.Path = internal + x.GUID + ".txt"
		long := utf8.RuneCountInString(s.Text)
		for _, sel := range s.Selections {
			if sel.Start < 0 || sel.End < sel.Start || sel.End > long {
				return nil, fmt.Errorf("a marked place of %q goes from %d to %d, and its text is %d long", s.Name, sel.Start, sel.End, long)
			}
			x.Selections = append(x.Selections, selectionXML{GUID: plain(sel.GUID), Name: sel.Name, Description: sel.Description, Start: sel.Start, End: sel.End,
				Creator: plain(sel.Creator), Created: instant(sel.Created), Codings: codingsOut(sel.Codings), NoteRefs: refsOut(sel.Notes)})
		}
		out = append(out, x)
	}
	return out, nil
}

func codingsOut(codings []Coding) (out []codingXML) {
	for _, c := range codings {
		out = append(out, codingXML{plain(c.GUID), plain(c.Creator), instant(c.Created), noteRefXML{plain(c.Code)}, refsOut(c.Notes)})
	}
	return out
}

func refsOut(guids []string) (out []noteRefXML) {
	for _, guid := range guids {
		out = append(out, noteRefXML{plain(guid)})
	}
	return out
}
