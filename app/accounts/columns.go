package accounts

import (
	"slices"

	"conversations/app/database"
)

// Columns declares what the tables of this package, and the shell's sessions, hold about people.
func Columns() []database.Table {
	account := database.Personal{
		Purpose: "to let you sign in and to show what you did here", Basis: database.Contract, Keep: "staff_left",
		Seen: []string{string(Admin)}, Erase: database.EraseBlank,
	}
	secret := database.Personal{
		What: "How you prove who you are when you sign in", Purpose: "to keep others out of your account", Basis: database.Contract,
		Keep: "staff_left", Seen: []string{"nobody"}, Withheld: "it is a secret that tells you nothing about you", Erase: database.EraseBlank,
	}
	session := database.Personal{
		What: "That you are signed in, and when you last were here", Purpose: "to keep you signed in", Basis: database.Contract,
		Keep: "sessions", Seen: []string{"nobody"}, Withheld: "it is gone within a day", Erase: database.EraseRow,
	}
	as := func(what, export string, name string, erase database.Erase) database.Column {
		p := account
		p.What, p.Export, p.Erase = what, export, erase
		return database.Column{Name: name, Personal: &p}
	}
	return []database.Table{
		{Name: "staff", What: "A member of staff with an account", Person: "email", Since: "left_at", After: "after you left", Columns: slices.Concat(
			database.Plain("id", "active", "created_at", "updated_at"),
			[]database.Column{
				as("Your work email address", "email", "email", database.EraseSurely),
				as("Your name", "name", "name", database.EraseBlank),
				as("What you do here", "role", "role", database.EraseNever),
				as("When you last signed in", "last signed in", "last_sign_in_at", database.EraseBlank),
				as("When you left", "left", "left_at", database.EraseNever),
			},
			secret.Each("password_hash", "totp_secret", "totp_last_step"))},
		{Name: "sign_in_links", What: "A one-time link to choose a password", Person: "staff_id -> staff", Since: "expires_at", After: "after it ran out", Columns: slices.Concat(
			database.Plain("id", "staff_id", "created_at", "expires_at", "used_at"), linkSecret(session).Each("token_hash"))},
		{Name: "sessions", What: "A sign-in on one browser", Person: "staff_id -> staff", Since: "expires_at", After: "after it ended", Columns: slices.Concat(
			database.Plain("staff_id"), session.Each("token_hash", "data", "created_at", "expires_at"))},
	}
}

func linkSecret(p database.Personal) database.Personal {
	p.What, p.Purpose = "That you were sent a link to choose a password", "to let you in when you have no password"
	return p
}
