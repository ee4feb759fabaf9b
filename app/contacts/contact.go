package contacts

import (
	"slices"
	"strings"
	"time"

	"conversations/app/config"
	"conversations/app/fault"
)

// Kind is what a contact is.
type Kind string

// The kinds.
const (
	Person       Kind = "person"
	Organisation Kind = "organisation" // a contact of its own: an office, not somebody in it
)

// Channel is a way to reach a contact. A contact prefers one; a consent is for one.
type Channel string

// The channels.
const (
	Email     Channel = "email"
	Post      Channel = "post"
	Telephone Channel = "telephone"
)

// Channels lists the channels in the order they are offered.
func Channels() []Channel { return []Channel{Email, Post, Telephone} }

// Words says the channel after "by".
func (c Channel) Words() string {
	if c == "" {
		return "every channel"
	}
	return string(c)
}

// Contact is a row of the table contacts: a person or an organisation that we write to. Whether we may is not in it:
// that follows from the ledger.
type Contact struct {
	ID             int64
	Kind           Kind
	Name           string // of an organisation: who opens the letter; may be empty
	Organisation   string
	Email          string
	EmailKey       string // NormaliseEmail of Email: one contact an address
	SuppressionKey string // keyed hash of EmailKey, as in suppressions; "" without an address
	Phone          string
	PhoneKey       string
	PostAddress    string // lines, without the postcode
	Postcode       string
	PostKey        string  // name and postcode, by which somebody is known who has no more than a postal address
	SortKey        string  // "" once erased
	SearchKey      string  // every word by which the contact is found
	Channel        Channel // preferred
	LargePrint     bool
	Notes          string
	MergedInto     *int64 // this row only leads to that one
	Version        int64  // one more with every change of the contact, its groups and its localities
	CreatedAt      time.Time
	UpdatedAt      time.Time
}

// TableName is the table that contacts live in.
func (Contact) TableName() string { return "contacts" }

// Label is what a contact is called in a list: never empty while anything is known.
func (c Contact) Label() string {
	order := []string{c.Name, c.Organisation, c.Email, c.Phone, strings.ReplaceAll(c.PostAddress, "\n", ", ")}
	if c.Kind == Organisation {
		order[0], order[1] = order[1], order[0]
	}
	for _, text := range order {
		if text != "" {
			return text
		}
	}
	return "Nobody (erased)"
}

// How long a typed text may be, in letters.
const (
	nameLetters         = 120
	organisationLetters = 160
	addressLetters      = 400
	noteLetters         = 4000
)

// Form is a contact as it is typed, or as it stands in a row of a file.
type Form struct {
	Kind         string   `form:"kind"`
	Name         string   `form:"name"`
	Organisation string   `form:"organisation"`
	Email        string   `form:"email"`
	EmailChecked string   `form:"email_checked"` // the address that was questioned and found right
	Phone        string   `form:"phone"`
	PostAddress  string   `form:"post_address,lines"`
	Postcode     string   `form:"postcode"`
	Channel      string   `form:"channel"` // "" is the first by which the contact can be reached
	LargePrint   bool     `form:"large_print"`
	Notes        string   `form:"notes,lines"`
	Groups       []string `form:"groups"`     // slugs
	Localities   []string `form:"localities"` // slugs
	Version      int64    `form:"version"`    // of the contact that was shown; 0 for a new one
}

// Check tidies what was typed and says everything that is wrong with it: the error is an Invalid fault with a message
// per field. Groups are checked by whoever knows them. The contact has no id, no version and no suppression key.
func (f Form) Check(cfg *config.Config) (Contact, error) {
	var problems fault.Fields
	c := f.read(&problems)
	c.checkNames(&problems)
	c.checkReach(f, &problems)
	for _, slug := range f.Localities {
		if _, known := cfg.Locality(slug); !known {
			problems.Add("localities", "Choose localities from the list")
			break
		}
	}
	limited(&problems, "notes", "The notes", c.Notes, noteLetters)
	return c, problems.Err()
}

func (f Form) read(problems *fault.Fields) Contact {
	c := Contact{
		Kind: Kind(f.Kind), Name: Tidy(f.Name), Organisation: Tidy(f.Organisation), Email: strings.TrimSpace(f.Email), Phone: Tidy(f.Phone),
		PostAddress: TidyLines(f.PostAddress), Channel: Channel(f.Channel), LargePrint: f.LargePrint, Notes: TidyLines(f.Notes),
	}
	if c.Kind == "" {
		c.Kind = Person
	}
	if c.Kind != Person && c.Kind != Organisation {
		problems.Add("kind", "Choose whether it is a person or an organisation")
	}
	return c
}

func (c *Contact) checkNames(problems *fault.Fields) {
	switch {
	case c.Kind == Organisation && c.Organisation == "":
		problems.Add("organisation", "Enter the name of the organisation")
	case c.Name == "" && c.Organisation == "" && c.Email == "":
		problems.Add("name", "Enter a name")
	}
	limited(problems, "name", "The name", c.Name, nameLetters)
	limited(problems, "organisation", "The organisation", c.Organisation, organisationLetters)
}

func (c *Contact) checkReach(f Form, problems *fault.Fields) {
	if c.Email != "" {
		if problem := CheckEmail(c.Email, f.EmailChecked); problem != "" {
			problems.Add("email", problem)
		}
		c.EmailKey = NormaliseEmail(c.Email)
	}
	if c.Phone != "" {
		var problem string
		if c.Phone, c.PhoneKey, problem = ReadPhone(c.Phone); problem != "" {
			problems.Add("phone", problem)
		}
	}
	limited(problems, "post_address", "The postal address", c.PostAddress, addressLetters)
	if strings.TrimSpace(f.Postcode) != "" {
		var ok bool
		if c.Postcode, ok = ReadPostcode(f.Postcode); !ok {
			problems.Add("postcode", "Enter a full UK postcode, such as HP1 1DN")
		}
	}
	c.checkChannel(problems)
}

// checkChannel wants what the preferred channel needs.
func (c *Contact) checkChannel(problems *fault.Fields) {
	ways := c.ways()
	if len(ways) == 0 && !problems.Has("email") && !problems.Has("phone") && c.Channel != Post {
		problems.Add("email", "Enter an email address, a telephone number or a postal address, so that we can reach them")
	}
	if c.Channel == "" && len(ways) > 0 {
		c.Channel = ways[0]
	}
	switch c.Channel {
	case Email:
		if c.Email == "" && !problems.Has("email") {
			problems.Add("email", "Enter an email address, or choose another way to write")
		}
	case Telephone:
		if c.Phone == "" && !problems.Has("phone") {
			problems.Add("phone", "Enter a telephone number, or choose another way to write")
		}
	case Post:
		if c.PostAddress == "" {
			problems.Add("post_address", "Enter the postal address, or choose another way to write")
		}
		if c.Postcode == "" {
			problems.Add("postcode", "Enter the postcode, so that the letter arrives")
		}
	case "": // said above
	default:
		problems.Add("channel", "Choose email, post or telephone")
	}
}

// ways are the channels by which the contact can be reached, the first the one that is taken where none was chosen.
func (c *Contact) ways() (ways []Channel) {
	if c.Email != "" {
		ways = append(ways, Email)
	}
	if c.PostAddress != "" {
		ways = append(ways, Post)
	}
	if c.Phone != "" {
		ways = append(ways, Telephone)
	}
	return ways
}

// Reachable says whether there is an address for the channel.
func (c *Contact) Reachable(by Channel) bool { return slices.Contains(c.ways(), by) }
