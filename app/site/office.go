package site

import (
	"conversations/app/config"
	"conversations/app/fault"
)

// Office is somebody whom people can turn to. What it does not have is empty.
type Office struct {
	ID        string // names it in /contact/email/ID
	Name      string
	Telephone string
	Hours     string
	Email     string
	Post      string
	Website   string
}

// The offices that are no locality. A locality's office bears its slug.
const (
	programmeOffice  = "programme"
	complaintsOffice = "complaints"
	privacyOffice    = "data-protection"
	regulatorOffice  = "regulator"
	pressOffice      = "press"
)

// Offices lists everybody whom people can turn to: the programme, the localities, and where to complain.
func Offices(cfg *config.Config) []Office {
	p := cfg.Programme
	offices := []Office{{ID: programmeOffice, Name: p.Name, Telephone: p.Telephone, Hours: p.Hours, Email: p.Email, Post: p.Post}}
	for _, l := range cfg.Localities {
		offices = append(offices, Office{ID: l.Slug, Name: l.Name, Telephone: l.Telephone, Hours: l.Hours, Email: l.Email})
	}
	return append(offices, outside(complaintsOffice, p.Complaints),
		Office{ID: privacyOffice, Name: "Data protection officer", Email: p.PrivacyEmail, Post: p.Post},
		outside(regulatorOffice, p.Regulator), outside(pressOffice, cfg.Updates.PressContact))
}

func outside(id string, c config.Contact) Office {
	return Office{ID: id, Name: c.Name, Telephone: c.Telephone, Email: c.Email, Website: c.Website}
}

// OfficeByID finds an office, or gives a NotFound fault.
func OfficeByID(cfg *config.Config, id string) (Office, error) {
	for _, o := range Offices(cfg) {
		if o.ID == id && o.Name != "" {
			return o, nil
		}
	}
	return Office{}, fault.New(fault.NotFound, "We do not have that address.")
}
