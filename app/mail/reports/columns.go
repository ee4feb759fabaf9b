package reports

import "conversations/app/database"

// Columns declares the one table of this package. What reports say is kept with the letters.
func Columns() []database.Table {
	return []database.Table{{
		Name: "report_folders", What: "How many mails in the mailbox of delivery reports wait for a person",
		Columns: database.Plain("folder", "unclear", "looked_at"),
	}}
}
