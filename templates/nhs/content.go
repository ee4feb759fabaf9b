// Package nhs draws the components of the NHS design system as typed templ components.
//
// Each component takes a params struct that mirrors the options of the design system's own macro, with the
// same names in JSON, so that the package's published examples prove our HTML (see fixtures_test.go).
// A slot that the macro fills by `text` or `html` is a Content: Text("words") or HTML(component).
package nhs

import (
	"context"
	"io"
	"sort"
	"strconv"
	"strings"

	"github.com/a-h/templ"
)

// Content fills a slot of a component: plain text, which is escaped, or a component of its own.
// The component wins when both are given.
type Content struct {
	Text string `json:"text"`
	HTML Markup `json:"html"`
}

// Markup is the component in a Content.
type Markup struct{ templ.Component }

// Text is a slot filled with plain text.
func Text(text string) Content {
	return Content{Text: text}
}

// HTML is a slot filled with a component.
func HTML(component templ.Component) Content {
	return Content{HTML: Markup{component}}
}

// Toggle is an option that may be left to the design system or switched on or off.
type Toggle uint8

// The values of a Toggle; the zero value leaves the choice to the design system.
const (
	Unset Toggle = iota
	Yes
	No
)

// Attributes are further HTML attributes of an element, written in the order of their names.
type Attributes = templ.Attributes

func (c Content) given() bool {
	return c.Text != "" || c.HTML.Component != nil
}

func (c Content) or(other Content) Content {
	if c.given() {
		return c
	}
	return other
}

func (c Content) slot() templ.Component {
	if c.HTML.Component != nil {
		return c.HTML.Component
	}
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		_, err := io.WriteString(w, templ.EscapeString(strings.TrimSpace(c.Text)))
		return err
	})
}

// element draws a tag whose name is known only at run time, such as h1 to h6, around its children.
func element(name string, list attributes) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		children := templ.GetChildren(ctx)
		ctx = templ.ClearChildren(ctx)
		if _, err := io.WriteString(w, "<"+name); err != nil {
			return err
		}
		if err := templ.RenderAttributes(ctx, w, list); err != nil {
			return err
		}
		if _, err := io.WriteString(w, ">"); err != nil {
			return err
		}
		if err := children.Render(ctx, w); err != nil {
			return err
		}
		_, err := io.WriteString(w, "</"+name+">")
		return err
	})
}

// attributes collects the attributes of one element in the order in which they are written.
type attributes []templ.KeyValue[string, any]

// Items gives the attributes to templ.
func (a attributes) Items() []templ.KeyValue[string, any] {
	return a
}

func class(names ...string) attributes {
	return attributes{{Key: "class", Value: classes(names...)}}
}

func (a attributes) set(name, value string) attributes {
	return append(a, templ.KeyValue[string, any]{Key: name, Value: value})
}

func (a attributes) optional(name, value string) attributes {
	if value == "" {
		return a
	}
	return a.set(name, value)
}

func (a attributes) flag(name string, on bool) attributes {
	if !on {
		return a
	}
	return append(a, templ.KeyValue[string, any]{Key: name, Value: true})
}

func (a attributes) number(name string, value int) attributes {
	if value == 0 {
		return a
	}
	return a.set(name, strconv.Itoa(value))
}

func (a attributes) toggle(name string, value Toggle) attributes {
	if value == Unset {
		return a
	}
	return a.set(name, strconv.FormatBool(value == Yes))
}

// href refuses addresses that would run script.
func (a attributes) href(address string) attributes {
	return a.set("href", string(templ.URL(address)))
}

func (a attributes) translation(key, text string) attributes {
	return a.optional("data-i18n."+key, text)
}

func (a attributes) translations(key string, byPlural map[string]string) attributes {
	more := Attributes{}
	for plural, text := range byPlural {
		more["data-i18n."+key+"."+plural] = text
	}
	return a.more(more)
}

func (a attributes) more(extra Attributes) attributes {
	names := make([]string, 0, len(extra))
	for name := range extra {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		a = append(a, templ.KeyValue[string, any]{Key: name, Value: extra[name]})
	}
	return a
}

func classes(names ...string) string {
	return joined(" ", names...)
}

func joined(separator string, parts ...string) string {
	var kept []string
	for _, part := range parts {
		if part = strings.TrimSpace(part); part != "" {
			kept = append(kept, part)
		}
	}
	return strings.Join(kept, separator)
}

func when(condition bool, text string) string {
	if !condition {
		return ""
	}
	return text
}

// suffixed gives "" for no modifier, so that a class is only added when there is something to add.
func suffixed(prefix, modifier string) string {
	if modifier == "" {
		return ""
	}
	return prefix + modifier
}

func either(first, second string) string {
	if first != "" {
		return first
	}
	return second
}

func either0(number, otherwise int) int {
	if number != 0 {
		return number
	}
	return otherwise
}

func oneOf(value string, allowed ...string) string {
	for _, candidate := range allowed {
		if value == candidate {
			return value
		}
	}
	return ""
}

// asMap gives the attributes as one map with extra over them.
func (a attributes) asMap(extra Attributes) Attributes {
	all := make(Attributes, len(a)+len(extra))
	for _, item := range a {
		all[item.Key] = item.Value
	}
	for name, value := range extra {
		all[name] = value
	}
	return all
}

// typed writes what somebody typed, untouched: unlike a slot it keeps white space at either end.
func typed(text string) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		// A browser drops the first line break of a textarea, so one that was typed needs another before it.
		if strings.HasPrefix(text, "\n") || strings.HasPrefix(text, "\r\n") {
			text = "\n" + text
		}
		_, err := io.WriteString(w, templ.EscapeString(text))
		return err
	})
}
