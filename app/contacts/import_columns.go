package contacts

import (
	"slices"
	"strings"
	"unicode"
)

// ImportField is something that a column of a list can say.
type ImportField struct {
	Code  string
	Label string
	// names are headings that mean it, in small letters without signs.
	names []string
	// several lets more than one column say it: the lines of an address.
	several bool
}

// Codes of the fields. Those of the columns that an export has are their headings there.
const (
	fieldEmail         = "email"
	fieldName          = "name"
	fieldFirstName     = "first_name"
	fieldLastName      = "last_name"
	fieldOrganisation  = "organisation"
	fieldKind          = "kind"
	fieldGroups        = "groups"
	fieldLocalities    = "localities"
	fieldPhone         = "phone"
	fieldPostAddress   = "post_address"
	fieldPostcode      = "postcode"
	fieldChannel       = "channel"
	fieldLargePrint    = "large_print"
	fieldNotes         = "notes"
	fieldConsent       = "consent"
	fieldConsentDate   = "consent_date"
	fieldConsentSource = "consent_source"
)

// ImportFields lists what a column can say, in the order in which it is offered.
func ImportFields() []ImportField {
	return []ImportField{
		{Code: fieldEmail, Label: "Email address", names: []string{"emailaddress", "mail", "emails", "emailid", "contactemail"}},
		{Code: fieldName, Label: "Whole name", names: []string{"fullname", "contact", "contactname", "person", "councillor"}},
		{Code: fieldFirstName, Label: "First name", names: []string{"forename", "forenames", "firstnames", "givenname", "christianname"}},
		{Code: fieldLastName, Label: "Last name", names: []string{"surname", "familyname", "secondname"}},
		{Code: fieldOrganisation, Label: "Organisation", names: []string{"organization", "org", "company", "practice", "surgery", "practicename", "employer", "charity"}},
		{Code: fieldKind, Label: "Person or organisation", names: []string{"type", "contacttype"}},
		{Code: fieldGroups, Label: "Groups", names: []string{"group", "category", "categories", "lists", "tags", "stakeholdergroup"}},
		{Code: fieldLocalities, Label: "Localities", names: []string{"locality", "area", "areas", "district", "localities", "region"}},
		{Code: fieldPhone, Label: "Telephone", names: []string{"telephone", "phonenumber", "telephonenumber", "tel", "telno", "mobile", "mobilephone", "mobilenumber"}},
		{Code: fieldPostAddress, Label: "Postal address", several: true, names: []string{"address", "postaladdress", "addressline", "addressline1", "addressline2",
			"addressline3", "address1", "address2", "address3", "street", "town", "city", "county"}},
		{Code: fieldPostcode, Label: "Postcode", names: []string{"postalcode", "zip", "zipcode"}},
		{Code: fieldChannel, Label: "How to write to them", names: []string{"preferredchannel", "contactby", "preferredcontact", "contactpreference"}},
		{Code: fieldLargePrint, Label: "Large print", names: []string{"largetype", "bigprint"}},
		{Code: fieldNotes, Label: "Notes", names: []string{"note", "comments", "remarks"}},
		{Code: fieldConsent, Label: "Consent: yes or no", names: []string{"consents", "optin", "optedin", "subscribed", "agreed", "permission", "consentgiven"}},
		{Code: fieldConsentDate, Label: "Date of the yes or no", names: []string{"dateofconsent", "optindate", "consentedon", "dateagreed"}},
		{Code: fieldConsentSource, Label: "Where they said yes or no", names: []string{"sourceofconsent", "optinsource", "source"}},
	}
}

// ourColumns are headings that our own files have and that say nothing that comes in: of the rows of a list, of an export.
var ourColumns = []string{"line", "outcome", "reason", "updates", "basis", "stopped"}

// fieldOf finds what a heading means: a code of ImportFields, or "". ours is that it is a heading of our own files
// that says nothing about a contact.
func fieldOf(heading string) (code string, ours bool) {
	plain := plainLetters(heading)
	if plain == "" {
		return "", false
	}
	for _, f := range ImportFields() {
		if plain == plainLetters(f.Code) || plain == plainLetters(f.Label) || slices.Contains(f.names, plain) {
			return f.Code, false
		}
	}
	return "", slices.Contains(ourColumns, plain)
}

// plainLetters is a text in small letters without blanks and signs: "E-mail address" is "emailaddress".
func plainLetters(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, text)
}

// guessColumns says for each heading what it probably means. Where two mean the same, the first does.
func guessColumns(head []string) []string {
	columns := make([]string, len(head))
	taken := map[string]bool{}
	for i, heading := range head {
		code, _ := fieldOf(heading)
		if code == "" || taken[code] && !fieldByCode(code).several {
			continue
		}
		columns[i], taken[code] = code, true
	}
	return columns
}

// fieldByCode finds a field; one with no code where there is none.
func fieldByCode(code string) ImportField {
	for _, f := range ImportFields() {
		if f.Code == code {
			return f
		}
	}
	return ImportField{}
}

// Unknown are the headings whose columns are left out and which are not of our own files.
func (set ImportSettings) Unknown() (headings []string) {
	for i, heading := range set.Head {
		if _, ours := fieldOf(heading); heading != "" && set.column(i) == "" && !ours {
			headings = append(headings, heading)
		}
	}
	return headings
}

func (set ImportSettings) column(i int) string {
	if i < len(set.Columns) {
		return set.Columns[i]
	}
	return ""
}
