// Package config turns config.yaml and the environment into one typed, validated struct. It is strict: a key
// it does not know or a value it cannot use is refused by name at start, all of them in one message, so that
// nobody runs for a week with a misspelt setting.
package config

import (
	"net/netip"
	"sync"
	"time"
)

// Config is everything an installation decides. The yaml names are the keys of config.yaml; the environment
// overlays any of them as CONVERSATIONS_ and the path in capitals (CONVERSATIONS_MAIL_HOST is mail.host).
type Config struct {
	Programme  Programme  `koanf:"programme"`
	BaseURL    string     `koanf:"base_url" validate:"required,http_url"`
	HTTP       HTTP       `koanf:"http"`
	Database   Database   `koanf:"database"`
	Mail       Mail       `koanf:"mail"`
	Metrics    Metrics    `koanf:"metrics"`
	Bookings   Bookings   `koanf:"bookings"`
	Access     Access     `koanf:"access"`
	Records    Records    `koanf:"records"`
	Contacts   Contacts   `koanf:"contacts"`
	Updates    Updates    `koanf:"updates"`
	Documents  Documents  `koanf:"documents"`
	Feedback   Feedback   `koanf:"feedback"`
	Staff      Staff      `koanf:"staff"`
	Retention  Retention  `koanf:"retention"`
	Backup     Backup     `koanf:"backup"`
	Localities []Locality `koanf:"localities" validate:"required,min=1,unique=Slug,dive"`
}

// Programme is who speaks: its names stand on every page and in every mail.
type Programme struct {
	Name         string  `koanf:"name" validate:"required"`         // "Your Care, Your Future"
	Organisation string  `koanf:"organisation" validate:"required"` // who runs it and answers for personal data
	Tagline      string  `koanf:"tagline"`
	Telephone    string  `koanf:"telephone" validate:"required"`
	Hours        string  `koanf:"hours" validate:"required"` // when the telephone is answered, in plain words
	Email        string  `koanf:"email" validate:"required,email"`
	Post         string  `koanf:"post"`                            // postal address, one line
	PrivacyEmail string  `koanf:"privacy_email" validate:"email"`  // data protection officer
	Timezone     string  `koanf:"timezone" validate:"required,tz"` // IANA name; events' default
	Complaints   Contact `koanf:"complaints"`
	Regulator    Contact `koanf:"regulator"` // data protection regulator
}

// Contact is an office that people can turn to.
type Contact struct {
	Name      string `koanf:"name"`
	Telephone string `koanf:"telephone"`
	Email     string `koanf:"email" validate:"omitempty,email"`
	Website   string `koanf:"website" validate:"omitempty,http_url"`
}

// HTTP is how the program listens.
type HTTP struct {
	Addr           string        `koanf:"addr" validate:"required,hostname_port"`
	TrustedProxies []string      `koanf:"trusted_proxies" validate:"dive,cidr"` // only these may name the visitor's address
	ReadTimeout    time.Duration `koanf:"read_timeout" validate:"min=1s"`
	BodyLimitBytes int64         `koanf:"body_limit_bytes" validate:"min=10240"`
	RateLimits     RateLimits    `koanf:"rate_limits"`
}

// RateLimits says how often one visitor's address may do what costs or tells something.
type RateLimits struct {
	BookingsPerHour int `koanf:"bookings_per_hour" validate:"min=1"` // forms posted by visitors
	SignInsPerHour  int `koanf:"sign_ins_per_hour" validate:"min=1"`
}

// Metrics is where counters for machines are served; empty means nowhere.
type Metrics struct {
	Addr string `koanf:"addr" validate:"omitempty,hostname_port"`
}

// Database is where everything is kept: sqlite:///path/file.db or postgres://…
type Database struct {
	URL string `koanf:"url" validate:"required,startswith=sqlite:///|startswith=postgres://"`
	Key string `koanf:"key" validate:"omitempty,min=32"` // signs links; empty means one made at first start and kept in the database
}

// Mail is how mail leaves. Without a host mails wait, and staff see that they do.
type Mail struct {
	Host        string        `koanf:"host"`
	Port        int           `koanf:"port" validate:"min=1,max=65535"`
	Username    string        `koanf:"username"`
	Password    string        `koanf:"password"`
	TLS         string        `koanf:"tls" validate:"oneof=none opportunistic mandatory implicit"`
	From        string        `koanf:"from" validate:"required,email"`
	FromName    string        `koanf:"from_name" validate:"required"`
	ReplyTo     string        `koanf:"reply_to" validate:"omitempty,email"`
	Connections int           `koanf:"connections" validate:"min=1,max=50"` // kept open at once
	Timeout     time.Duration `koanf:"timeout" validate:"min=1s"`
	Lease       time.Duration `koanf:"lease" validate:"min=10s"`        // a claimed mail is taken over after this; six timeouts, if that is longer
	GiveUpAfter time.Duration `koanf:"give_up_after" validate:"min=1h"` // how long a 4xx is tried again

	Bounces Bounces     `koanf:"bounces"`
	Updates MailUpdates `koanf:"updates"`
}

// Bounces is where delivery reports of letters to many come back, and the mailbox that they are read from over IMAP.
type Bounces struct {
	Address  string        `koanf:"address" validate:"omitempty,email"` // of their envelope sender, with +TOKEN before the @; empty is from, with no token
	Soft     int           `koanf:"soft" validate:"min=0,max=100"`      // so many letters in a row that came back suppress an address; 0 is never
	Host     string        `koanf:"host"`                               // of the IMAP server; empty: no mailbox is read
	Port     int           `koanf:"port" validate:"min=1,max=65535"`
	Username string        `koanf:"username"`
	Password string        `koanf:"password"`
	TLS      string        `koanf:"tls" validate:"oneof=none mandatory implicit"`
	Folder   string        `koanf:"folder" validate:"required"`
	Handled  string        `koanf:"handled"` // where reports go that were understood; empty: they stay, marked as read
	Every    time.Duration `koanf:"every" validate:"min=10s,max=24h"`
}

// MailUpdates is how letters to many leave, beside single mails.
type MailUpdates struct {
	Connections int           `koanf:"connections" validate:"min=1,max=200"`   // of their own
	PerSecond   float64       `koanf:"per_second" validate:"min=0,max=100000"` // of all instances together; 0 is no limit
	PerDomain   []DomainRate  `koanf:"per_domain" validate:"dive"`
	RetryAfter  time.Duration `koanf:"retry_after" validate:"min=1s,max=1h"` // after a 4xx; twice as long each time, up to sixty times
	GiveUpAfter time.Duration `koanf:"give_up_after" validate:"min=1m"`      // how long a 4xx is tried again
}

// DomainRate limits how fast mails go to some domains, counted together.
type DomainRate struct {
	Domains   []string `koanf:"domains" validate:"required,min=1,dive,fqdn"`
	PerSecond float64  `koanf:"per_second" validate:"required,gt=0,max=100000"`
}

// Bookings is how places are given.
type Bookings struct {
	PromoteUntil time.Duration `koanf:"promote_until" validate:"min=0"` // before the start; later staff telephone
	MaxParty     int           `koanf:"max_party" validate:"min=1,max=50"`

	Reminders        []time.Duration `koanf:"reminders" validate:"max=5,dive,min=2h,max=2160h"` // before the start
	ReminderCallDays int             `koanf:"reminder_call_days" validate:"min=0,max=10"`       // working days before the start that who has no e-mail is telephoned; 0 is never
	ThanksAfter      time.Duration   `koanf:"thanks_after" validate:"min=0,max=336h"`           // after the end
}

// Access is how long it takes to arrange what people need to take part.
type Access struct {
	LeadDays     LeadDays `koanf:"lead_days"`
	BankHolidays []string `koanf:"bank_holidays" validate:"dive,day"` // one-off ones; those of every year are worked out
}

// LeadDays is, for each need by its code, how many days before an event it must be arranged.
type LeadDays struct {
	StepFree        int `koanf:"step-free" validate:"min=1,max=365"`
	WheelchairSpace int `koanf:"wheelchair-space" validate:"min=1,max=365"`
	HearingLoop     int `koanf:"hearing-loop" validate:"min=1,max=365"`
	BSL             int `koanf:"bsl" validate:"min=1,max=365"`
	SpeechToText    int `koanf:"speech-to-text" validate:"min=1,max=365"`
	LargePrint      int `koanf:"large-print" validate:"min=1,max=365"`
	EasyRead        int `koanf:"easy-read" validate:"min=1,max=365"`
	Carer           int `koanf:"carer" validate:"min=1,max=365"`
	Interpreter     int `koanf:"interpreter" validate:"min=1,max=365"`
	Other           int `koanf:"other" validate:"min=1,max=365"`
}

// Of is the lead time of a need by its code; that of "something else" where the code is unknown.
func (d LeadDays) Of(need string) int {
	days, known := map[string]int{
		"step-free": d.StepFree, "wheelchair-space": d.WheelchairSpace, "hearing-loop": d.HearingLoop, "bsl": d.BSL,
		"speech-to-text": d.SpeechToText, "large-print": d.LargePrint, "easy-read": d.EasyRead, "carer": d.Carer,
		"interpreter": d.Interpreter,
	}[need]
	if !known {
		return d.Other
	}
	return days
}

// Records is how the records of held events are made.
type Records struct {
	TwoPeople bool  `koanf:"two_people"`                                    // who wrote a record last does not approve it
	FileBytes int64 `koanf:"file_bytes" validate:"min=10240,max=104857600"` // of one attachment
}

// Contacts is who we write to, and what we may ask of them.
type Contacts struct {
	Groups        []ContactGroup `koanf:"groups" validate:"unique=Slug,dive"` // there from the start; staff add others
	Purposes      []Purpose      `koanf:"purposes" validate:"required,min=1,unique=Slug,dive"`
	ConfirmWithin time.Duration  `koanf:"confirm_within" validate:"min=1h"`                // a sign-up that nobody confirms lapses
	ImportBytes   int64          `koanf:"import_bytes" validate:"min=10240,max=268435456"` // the largest file
	ImportRows    int            `koanf:"import_rows" validate:"min=1,max=1000000"`        // in one file
}

// ContactGroup is a group of contacts: "councillors".
type ContactGroup struct {
	Slug string `koanf:"slug" validate:"required,slug"`
	Name string `koanf:"name" validate:"required"`
}

// Purpose is a reason to write to people, and the exact words in which they are asked.
type Purpose struct {
	Slug    string `koanf:"slug" validate:"required,slug"` // updates, recontact
	Name    string `koanf:"name" validate:"required"`
	Wording string `koanf:"wording" validate:"required"`       // what the person is asked, word for word
	Version int    `koanf:"version" validate:"required,min=1"` // raise it with every change of the wording
}

// Updates is how letters to many are written and approved.
type Updates struct {
	TwoPeople    bool          `koanf:"two_people"`                                      // a second person approves
	Hold         time.Duration `koanf:"hold" validate:"min=0,max=24h"`                   // in which a letter can be called back
	PictureBytes int64         `koanf:"picture_bytes" validate:"min=10240,max=20971520"` // the largest picture
	PressContact Contact       `koanf:"press_contact"`                                   // shown with news
}

// Documents is the library.
type Documents struct {
	FileBytes int64 `koanf:"file_bytes" validate:"min=10240,max=268435456"` // the largest file
}

// Feedback is how what people said is coded.
type Feedback struct {
	DoubleShare int `koanf:"double_share" validate:"min=0,max=100"` // percent of the comments, drawn at random, that a second person codes blind

	Urgent      []string      `koanf:"urgent" validate:"unique,max=20,dive,email"` // who is written to when a comment is urgent
	UrgentAgain time.Duration `koanf:"urgent_again" validate:"min=1m,max=24h"`     // until somebody answers
}

// Staff is how people who work here sign in.
type Staff struct {
	RequireCode     bool          `koanf:"require_code"` // an authenticator code after the password
	SessionIdle     time.Duration `koanf:"session_idle" validate:"min=5m"`
	SessionLifetime time.Duration `koanf:"session_lifetime" validate:"min=5m"`
	LinkLifetime    time.Duration `koanf:"link_lifetime" validate:"min=5m"` // one-time sign-in and reset links
}

// Retention is how long personal data is kept. The columns of the database name these keys.
type Retention struct {
	MailBodies  time.Duration `koanf:"mail_bodies" validate:"min=24h"`  // after sending
	AccessNeeds time.Duration `koanf:"access_needs" validate:"min=24h"` // after the event
	Bookings    time.Duration `koanf:"bookings" validate:"min=24h"`     // after the event
	Interest    time.Duration `koanf:"interest" validate:"min=24h"`     // after the person was told, or the event ended
	Calls       time.Duration `koanf:"calls" validate:"min=24h"`        // after the event
	Quotes      time.Duration `koanf:"quotes" validate:"min=24h"`       // after the event
	Audit       time.Duration `koanf:"audit" validate:"min=24h"`
	Contacts    time.Duration `koanf:"contacts" validate:"min=24h"`   // after the last basis to write ended
	Surveys     time.Duration `koanf:"surveys" validate:"min=24h"`    // answers, after the survey closed
	Comments    time.Duration `koanf:"comments" validate:"min=24h"`   // what people said, after it came
	Originals   time.Duration `koanf:"originals" validate:"min=24h"`  // the same, word for word
	Consents    time.Duration `koanf:"consents" validate:"min=24h"`   // after the entry: proof of what was asked
	Imports     time.Duration `koanf:"imports" validate:"min=24h"`    // rows of imported files
	Deliveries  time.Duration `koanf:"deliveries" validate:"min=24h"` // who got which letter, after it was sent
	SignUps     time.Duration `koanf:"sign_ups" validate:"min=24h"`   // after they were confirmed or lapsed
	Sessions    time.Duration `koanf:"sessions" validate:"min=1h"`    // after they ended
	StaffLeft   time.Duration `koanf:"staff_left" validate:"min=24h"`
}

// Backup is the backup of every night.
type Backup struct {
	Folder string `koanf:"folder"`                                // empty: none is made
	Keep   int    `koanf:"keep" validate:"min=1"`                 // days
	At     string `koanf:"at" validate:"required,datetime=15:04"` // on the programme's clocks
}

// Locality is a part of the area that events are held for. People find theirs by town or postcode.
type Locality struct {
	Slug      string   `koanf:"slug" validate:"required,slug"`
	Name      string   `koanf:"name" validate:"required"`
	Towns     []string `koanf:"towns" validate:"required,min=1"`
	Postcodes []string `koanf:"postcodes" validate:"required,min=1,dive,outward"` // outward parts: "HP1"; one may lie in several localities
	Telephone string   `koanf:"telephone" validate:"required"`
	Hours     string   `koanf:"hours" validate:"required"`
	Email     string   `koanf:"email" validate:"required,email"`
}

// Zone is the programme's time zone. It cannot fail after validation.
func (c *Config) Zone() *time.Location {
	if zone, known := zones.Load(c.Programme.Timezone); known {
		return zone.(*time.Location)
	}
	zone, err := time.LoadLocation(c.Programme.Timezone)
	if err != nil {
		return time.UTC
	}
	zones.Store(c.Programme.Timezone, zone)
	return zone
}

// zones keeps what was loaded: a list asks for the zone in every row, and loading reads a file.
var zones sync.Map

// Locality finds a locality by its slug.
func (c *Config) Locality(slug string) (Locality, bool) {
	for _, l := range c.Localities {
		if l.Slug == slug {
			return l, true
		}
	}
	return Locality{}, false
}

// UpdatesPurpose is the purpose that every installation has: to be sent updates.
const UpdatesPurpose = "updates"

// Purpose finds a purpose by its slug.
func (c *Config) Purpose(slug string) (Purpose, bool) {
	for _, p := range c.Contacts.Purposes {
		if p.Slug == slug {
			return p, true
		}
	}
	return Purpose{}, false
}

// Proxies are the networks whose X-Forwarded-For is believed.
func (c *Config) Proxies() []netip.Prefix {
	var out []netip.Prefix
	for _, p := range c.HTTP.TrustedProxies {
		if prefix, err := netip.ParsePrefix(p); err == nil {
			out = append(out, prefix)
		}
	}
	return out
}
