package refi

import (
	"encoding/xml"
	"errors"
	"io"
	"regexp"
	"strings"
	"testing"
)

// shape is what the standard says of an element (REFI-QDA 1.5, chapter 5: Codebook.xsd and Project.xsd of 18 March 2019). Of
// attributes, ! is required and the word after a colon the type; children come in this order, ? at most once, * any number, + at
// least once, else exactly once.
type shape struct{ attributes, children string }

func codebookShapes() map[string]shape {
	return map[string]shape{
		"CodeBook":       {"origin", "Codes Sets?"},
		"CodeBook/Codes": {"", "Code+"},
		"Code":           {"guid!:guid name! isCodable!:boolean color:colour", "Description? Code*"},
		"Description":    {"", ""},
	}
}

func projectShapes() map[string]shape {
	text := shape{"guid!:guid name richTextPath plainTextPath creatingUser:guid creationDateTime:time modifyingUser:guid modifiedDateTime:time",
		"Description? PlainTextContent? PlainTextSelection* Coding* NoteRef* VariableValue*"}
	return map[string]shape{
		"Project":            {"name! origin creatingUserGUID:guid creationDateTime:time modifyingUserGUID:guid modifiedDateTime:time basePath", "Users? CodeBook? Variables? Cases? Sources? Notes? Links? Sets? Graphs? Description? NoteRef*"},
		"Users":              {"", "User+"},
		"User":               {"guid!:guid name id", ""},
		"CodeBook":           {"", "Codes"},
		"Codes":              {"", "Code+"},
		"Code":               {"guid!:guid name! isCodable!:boolean color:colour", "Description? NoteRef* Code*"},
		"Sources":            {"", "TextSource+"},
		"TextSource":         text,
		"Notes":              {"", "Note+"},
		"Note":               text,
		"PlainTextSelection": {"guid!:guid name startPosition!:integer endPosition!:integer creatingUser:guid creationDateTime:time modifyingUser:guid modifiedDateTime:time", "Description? Coding* NoteRef*"},
		"Coding":             {"guid!:guid creatingUser:guid creationDateTime:time", "CodeRef NoteRef*"},
		"CodeRef":            {"targetGUID!:guid", ""},
		"NoteRef":            {"targetGUID!:guid", ""},
		"Description":        {"", ""},
	}
}

var types = map[string]*regexp.Regexp{
	"guid": guidForm, "boolean": regexp.MustCompile(`^(?:true|false|0|1)$`), "colour": colourForm, "integer": regexp.MustCompile(`^-?\d+$`),
	"time": regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:Z|[+-]\d\d:\d\d)?$`),
}

// fits checks a document against the shapes.
func fits(t *testing.T, document string, space, root string, shapes map[string]shape) {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(document))
	var open []string
	children := [][]string{nil}
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		switch e := token.(type) {
		case xml.StartElement:
			name := e.Name.Local
			if e.Name.Space != space {
				t.Errorf("%s is in the namespace %q", name, e.Name.Space)
			}
			children[len(children)-1] = append(children[len(children)-1], name)
			s, ok := shapes[key(open, name, shapes)]
			if !ok {
				t.Fatalf("the standard has no %s in %v", name, open)
			}
			hasAttributes(t, e, s.attributes)
			open, children = append(open, name), append(children, nil)
		case xml.EndElement:
			last := len(open) - 1
			s := shapes[key(open[:last], open[last], shapes)]
			hasChildren(t, open[last], children[len(children)-1], s.children)
			open, children = open[:last], children[:len(children)-1]
		}
	}
	hasChildren(t, "the document", children[0], root)
}

// key is the shape's name: that of the element, or with its parent's before it where it differs by place.
func key(open []string, name string, shapes map[string]shape) string {
	if len(open) > 0 {
		special := open[len(open)-1] + "/" + name
		if _, ok := shapes[special]; ok {
			return special
		}
	}
	return name
}

func hasAttributes(t *testing.T, e xml.StartElement, rule string) {
	t.Helper()
	values := map[string]string{}
	for _, a := range e.Attr {
		if a.Name.Local != "xmlns" {
			values[a.Name.Local] = a.Value
		}
	}
	for each := range strings.FieldsSeq(rule) {
		name, kind, _ := strings.Cut(each, ":")
		name, required := strings.CutSuffix(name, "!")
		value, there := values[name]
		if required && !there {
			t.Errorf("%s lacks %s", e.Name.Local, name)
		}
		if there && kind != "" && !types[kind].MatchString(value) {
			t.Errorf("%s has %s=%q, which is no %s", e.Name.Local, name, value, kind)
		}
		delete(values, name)
	}
	for name := range values {
		t.Errorf("the standard has no %s at %s", name, e.Name.Local)
	}
}

func hasChildren(t *testing.T, name string, have []string, rule string) {
	t.Helper()
	for each := range strings.FieldsSeq(rule) {
		child := strings.TrimRight(each, "?*+")
		n := 0
		for len(have) > 0 && have[0] == child {
			have, n = have[1:], n+1
		}
		mark := strings.TrimPrefix(each, child)
		if n == 0 && (mark == "" || mark == "+") || n > 1 && (mark == "" || mark == "?") {
			t.Errorf("%s has %d of %s, which the standard counts %q", name, n, child, mark)
		}
	}
	if len(have) > 0 {
		t.Errorf("%s holds %v where the standard does not have it", name, have)
	}
}
