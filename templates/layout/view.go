// Package layout draws what stands around every page: head, header, navigation, messages and foot.
package layout

import (
	"github.com/a-h/templ"

	"conversations/templates/nhs"
)

// View is what the layout needs to know of a page. Everything but Title and ServiceName may be left out.
type View struct {
	Title            string // without the service's name, which the layout adds
	ServiceName      string
	ServiceHref      string // where header and wordmark lead; "/" unless it says otherwise
	OrganisationName string // stands above the service's name, in words: there is no logo
	Lang             string // "en" unless it says otherwise
	Dir              string // "rtl" for languages written from right to left
	Description      string
	Canonical        string // absolute address
	NoIndex          bool   // asks search engines to leave the page out
	Errors           bool   // the page shows a form again with errors: the title says so first
	Wide             bool   // uses the width of the screen, for staff's lists
	Large            bool   // in large print
	Nav              []Link
	FooterLinks      []Link
	Telephone        string
	TelephoneHours   string
	Flash            *Flash
	BeforeContent    templ.Component // back link
	Head             templ.Component // JSON-LD, links to feeds
	Staff            *StaffView      // set on staff pages only
}

// Link is an entry of a navigation. Current marks the page itself or the section it is in.
type Link struct {
	Text    string
	Href    string
	Current bool
}

// Flash is a message about what has just been done, shown once. Kind "success" is green and is read out
// at once by a screen reader; any other kind is blue.
type Flash struct {
	Kind string
	Text string
}

// StaffView is what only staff pages have: who is signed in, and where they may go.
type StaffView struct {
	Name        string
	RoleName    string
	Nav         []Link
	SignOutHref string // takes a POST
}

func (v View) fullTitle() string {
	title := v.ServiceName
	if v.Title != "" {
		title = v.Title + " – " + v.ServiceName
	}
	if v.Errors {
		return "Error: " + title
	}
	return title
}

func (v View) lang() string {
	if v.Lang == "" {
		return "en"
	}
	return v.Lang
}

func (v View) bodyClass() string {
	if v.Wide {
		return "app-wide"
	}
	return ""
}

func (v View) header() nhs.HeaderParams {
	home := v.ServiceHref
	if home == "" {
		home = "/"
	}
	return nhs.HeaderParams{
		Organisation: nhs.OrganisationParams{Name: v.OrganisationName},
		Service:      nhs.ServiceParams{Text: v.ServiceName, Href: home},
		Account:      v.account(),
		Navigation:   nhs.NavigationParams{Items: navigation(v.navigation())},
	}
}

func (v View) navigation() []Link {
	if v.Staff != nil {
		return v.Staff.Nav
	}
	return v.Nav
}

func (v View) account() *nhs.AccountParams {
	if v.Staff == nil || v.Staff.Name == "" {
		return nil
	}
	name := v.Staff.Name
	if v.Staff.RoleName != "" {
		name += " (" + v.Staff.RoleName + ")"
	}
	return &nhs.AccountParams{Items: []nhs.AccountItem{
		{Content: nhs.Text(name), Icon: true},
		{Content: nhs.Text("Sign out"), Action: v.Staff.SignOutHref},
	}}
}

func navigation(links []Link) []nhs.NavigationItem {
	items := make([]nhs.NavigationItem, len(links))
	for i, link := range links {
		items[i] = nhs.NavigationItem{Content: nhs.Text(link.Text), Href: link.Href, Active: link.Current}
	}
	return items
}

func (v View) footer() nhs.FooterParams {
	items := make([]nhs.FooterItem, len(v.FooterLinks))
	for i, link := range v.FooterLinks {
		items[i] = nhs.FooterItem{Content: nhs.Text(link.Text), Href: link.Href}
	}
	return nhs.FooterParams{
		Meta:      nhs.FooterMeta{Items: items, Content: nhs.HTML(footerContact(v))},
		Copyright: nhs.Text(v.OrganisationName),
	}
}

func (f Flash) banner() nhs.NotificationBannerParams {
	banner := nhs.NotificationBannerParams{Content: nhs.Text(f.Text)}
	if f.Kind == "success" {
		banner.Variant = "success"
	}
	return banner
}

// dialable leaves of a telephone number what a telephone can dial.
func dialable(number string) string {
	var digits []rune
	for i, r := range number {
		if r >= '0' && r <= '9' || r == '+' && i == 0 {
			digits = append(digits, r)
		}
	}
	return string(digits)
}
