package nhs

import (
	"encoding/json"
	"slices"

	"github.com/a-h/templ"
)

// The design system's macros take a slot as a string or as an object, and let an entry of a list be false.
// Our params are typed; asParams brings an example into their form.
func asParams(component string, options map[string]any) map[string]any {
	params := convertObject(component, options)
	switch component {
	case "header":
		nameTheLogo(params)
	case "footer":
		if group, single := params["navigation"].(map[string]any); single {
			params["navigation"] = []any{group}
		}
		if _, given := params["copyright"]; !given {
			params["copyright"] = map[string]any{"text": "© NHS England"}
		}
	}
	return params
}

// nameTheLogo says in words what the design system's own logo says by itself: it is the NHS.
func nameTheLogo(params map[string]any) {
	logo, _ := params["logo"].(map[string]any)
	if logo == nil {
		logo = map[string]any{}
		params["logo"] = logo
	}
	if logo["alt"] == nil {
		logo["alt"] = "NHS"
	}
	if search, given := params["search"].(map[string]any); given && search["action"] == nil {
		search["action"] = "https://www.nhs.uk/search/"
		if search["label"] == nil {
			search["label"] = map[string]any{"visuallyHiddenText": "Search the NHS website"}
		}
	}
}

var slots = []string{
	"label", "hint", "errorMessage", "legend", "heading", "title", "caption", "prefix", "suffix",
	"summary", "description", "copyright", "meta", "key",
}

func convertObject(component string, object map[string]any) map[string]any {
	converted := map[string]any{}
	for name, value := range object {
		convertEntry(component, converted, name, value)
	}
	return converted
}

func convertEntry(component string, into map[string]any, name string, value any) {
	text, isText := value.(string)
	on, isBool := value.(bool)
	list, isList := value.([]any)
	switch {
	case value == nil:
	case name == "heading" && isBool:
		into["isPageHeading"] = on
	case name == "errorMessage" && isBool:
		into[name] = map[string]any{"markOnly": on}
	case name == "colour" && isBool:
		into["noColour"] = !on
	case name == "visuallyHiddenText" && isText && text == "" && component == "error-message":
		into["noHiddenText"] = true
	case name == "sort" && isBool:
		into[name] = map[bool]string{true: "none"}[on]
	case name == "exclusive" && on:
		into["behaviour"] = "exclusive"
	case name == "exclusiveGroup":
		into["behaviourGroup"] = value
	case component == "date-input" && isBool && slices.Contains([]string{"day", "month", "year"}, name):
		into[name] = map[string]any{"omit": !on}
	case name == "card" && isBool && on:
		into[name] = map[string]any{}
	case name == "card" && isBool, name == "search" && isBool && !on:
	case name == "search" && isBool:
		into[name] = map[string]any{}
	case isText && (slices.Contains(slots, name) || name == "value" && component == "summary-list"):
		into[name] = map[string]any{"text": text}
	case name == "actions" && isList:
		into[name] = map[string]any{"items": convertList(component, name, list)}
	default:
		into[name] = convert(component, name, value)
	}
}

func convert(component, name string, value any) any {
	switch value := value.(type) {
	case map[string]any:
		return convertObject(component, value)
	case []any:
		return convertList(component, name, value)
	}
	return value
}

func convertList(component, name string, list []any) []any {
	converted := []any{}
	for _, value := range list {
		if value == false || value == nil {
			continue
		}
		if text, isText := value.(string); isText && (name == "head" || name == "rows") {
			value = map[string]any{"text": text}
		}
		converted = append(converted, convert(component, name, value))
	}
	return converted
}

func (t *Toggle) UnmarshalJSON(data []byte) error {
	var on bool
	if err := json.Unmarshal(data, &on); err != nil {
		return err
	}
	*t = map[bool]Toggle{true: Yes, false: No}[on]
	return nil
}

func (m *Markup) UnmarshalJSON(data []byte) error {
	var html string
	if err := json.Unmarshal(data, &html); err != nil {
		return err
	}
	if html != "" {
		m.Component = templ.Raw(html)
	}
	return nil
}
