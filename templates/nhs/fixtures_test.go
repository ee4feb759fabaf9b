package nhs

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/a-h/templ"
)

const fixturesFolder = "../../node_modules/nhsuk-frontend/dist/nhsuk/components"

// skipped is every example of the design system that we do not reproduce, and why.
// A name stands for all examples of that name.
var skipped = map[string]map[string]string{
	"input":          {"width class overriding width option": bothClasses},
	"label":          {"size class overriding size option": bothClasses, "with deprecated page heading overriding heading": deprecated},
	"legend":         {"size class overriding size option": bothClasses, "with deprecated page heading overriding heading": deprecated},
	"pagination":     {"with deprecated options": deprecated},
	"password-input": {"disabled with enabled button": "a box that is disabled disables its button"},
	"tables":         {"as a card (feature) with deprecated options": deprecated},
	"tag":            {"colour class overriding colour option": bothClasses},
}

const (
	bothClasses = "a class given by hand is added to that of the option, it does not replace it"
	deprecated  = "the option is deprecated by the design system, we never had it"
)

var components = map[string]func([]byte) (templ.Component, error){
	"action-link":         drawn(ActionLink),
	"back-link":           drawn(BackLink),
	"breadcrumb":          drawn(Breadcrumb),
	"button":              drawn(Button),
	"card":                drawn(Card),
	"character-count":     drawn(CharacterCount),
	"checkboxes":          drawn(Checkboxes),
	"contents-list":       drawn(ContentsList),
	"date-input":          drawn(DateInput),
	"details":             drawn(Details),
	"error-message":       drawn(ErrorMessage),
	"error-summary":       drawn(ErrorSummary),
	"fieldset":            drawn(Fieldset),
	"footer":              drawn(Footer),
	"header":              drawn(Header),
	"hint":                drawn(Hint),
	"input":               drawn(Input),
	"inset-text":          drawn(InsetText),
	"label":               drawn(Label),
	"legend":              drawn(Legend),
	"notification-banner": drawn(NotificationBanner),
	"pagination":          drawn(Pagination),
	"panel":               drawn(Panel),
	"password-input":      drawn(PasswordInput),
	"radios":              drawn(Radios),
	"scroll":              drawn(Scroll),
	"select":              drawn(Select),
	"skip-link":           drawn(SkipLink),
	"summary-list":        drawn(SummaryList),
	"tables":              drawn(Table),
	"tag":                 drawn(Tag),
	"textarea":            drawn(Textarea),
	"warning-callout":     drawn(WarningCallout),
}

// slotsForCalls says where an example's call block goes in the components that do not take children.
var slotsForCalls = map[string]string{
	"action-link":   "html",
	"back-link":     "html",
	"error-message": "html",
	"error-summary": "description",
	"footer":        "meta",
	"hint":          "html",
	"label":         "html",
	"legend":        "html",
	"panel":         "html",
	"tag":           "html",
}

type fixture struct {
	Name      string         `json:"name"`
	Context   map[string]any `json:"context"`
	CallBlock string         `json:"callBlock"`
	HTML      string         `json:"html"`
}

func TestComponentsDrawWhatTheDesignSystemPublishes(t *testing.T) {
	for name, draw := range components {
		t.Run(name, func(t *testing.T) {
			for _, example := range readFixtures(t, name) {
				t.Run(example.Name, func(t *testing.T) {
					if reason := skipped[name][example.Name]; reason != "" {
						t.Skip(reason)
					}
					compare(t, name, draw, example)
				})
			}
		})
	}
}

func TestSkippedExamplesStillExist(t *testing.T) {
	for name, examples := range skipped {
		names := map[string]bool{}
		for _, example := range readFixtures(t, name) {
			names[example.Name] = true
		}
		for example := range examples {
			if !names[example] {
				t.Errorf("%s has no example %q any more: take it out of the table", name, example)
			}
		}
	}
}

func drawn[P any](component func(P) templ.Component) func([]byte) (templ.Component, error) {
	return func(options []byte) (templ.Component, error) {
		var params P
		decoder := json.NewDecoder(bytes.NewReader(options))
		decoder.DisallowUnknownFields()
		err := decoder.Decode(&params)
		return component(params), err
	}
}

func readFixtures(t *testing.T, name string) []fixture {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(fixturesFolder, name, "fixtures.json"))
	if err != nil {
		t.Fatalf("run make setup first: %v", err)
	}
	var file struct {
		Fixtures []fixture `json:"fixtures"`
	}
	if err := json.Unmarshal(content, &file); err != nil {
		t.Fatal(err)
	}
	return file.Fixtures
}

func compare(t *testing.T, name string, draw func([]byte) (templ.Component, error), example fixture) {
	t.Helper()
	slot := slotsForCalls[name]
	options := asParams(name, example.Context)
	switch {
	case example.CallBlock == "" || slot == "":
	case slot == "html":
		options["html"] = example.CallBlock
	default:
		options[slot] = map[string]any{"html": example.CallBlock}
	}
	encoded, err := json.Marshal(options)
	if err != nil {
		t.Fatal(err)
	}
	component, err := draw(encoded)
	if err != nil {
		t.Fatalf("%v\n%s", err, encoded)
	}
	ctx := t.Context()
	if example.CallBlock != "" && slot == "" {
		ctx = templ.WithChildren(ctx, templ.Raw(example.CallBlock))
	}
	var ours bytes.Buffer
	if err := component.Render(ctx, &ours); err != nil {
		t.Fatal(err)
	}
	want, got := canonical(t, example.HTML), canonical(t, ours.String())
	if want != got {
		t.Errorf("%s\n--- want\n%s\n--- got\n%s", encoded, want, got)
	}
}
