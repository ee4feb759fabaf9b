package contacts

import (
	"strings"
	"testing"
	"time"

	"conversations/app/database/databasetest"
)

// list is a file with these lines.
func list(name string, lines ...string) ImportFile {
	text := strings.Join(lines, "\r\n") + "\r\n"
	return ImportFile{Name: name, Data: strings.NewReader(text), Size: int64(len(text))}
}

// heads are the columns that the commands' files have.
const heads = "email,name,organisation,groups,localities,consent,consent_date,consent_source"

// check brings a list as far as that its rows are checked.
func (w *world) check(file ImportFile, alter ...func(*ImportSettings)) Import {
	w.t.Helper()
	i, err := w.contacts.ReadImport(w.ctx, file)
	if err != nil {
		w.t.Fatal(err)
	}
	set, err := i.Choices()
	if err != nil {
		w.t.Fatal(err)
	}
	for _, change := range alter {
		change(&set)
	}
	if err := w.contacts.CheckImport(w.ctx, i.ID, set); err != nil {
		w.t.Fatal(err)
	}
	return w.work(i.ID)
}

// work has the job do what there is to do.
func (w *world) work(id int64) Import {
	w.t.Helper()
	if err := w.contacts.WorkImports(w.ctx); err != nil {
		w.t.Fatal(err)
	}
	i, err := w.contacts.ImportByID(w.ctx, id)
	if err != nil {
		w.t.Fatal(err)
	}
	return i
}

// bring imports a list, without its bad rows.
func (w *world) bring(file ImportFile, alter ...func(*ImportSettings)) Import {
	w.t.Helper()
	return w.confirm(w.check(file, alter...))
}

func (w *world) confirm(i Import) Import {
	w.t.Helper()
	if err := w.contacts.ConfirmImport(w.ctx, i.ID, Confirmation{Seen: i.Forecast(), SkipBad: true}); err != nil {
		w.t.Fatal(err)
	}
	return w.work(i.ID)
}

func (w *world) undo(i Import) Import {
	w.t.Helper()
	if err := w.contacts.UndoImport(w.ctx, i.ID); err != nil {
		w.t.Fatal(err)
	}
	return w.work(i.ID)
}

// counted is what a list comes to: new, changed, same, double, bad.
func counted(i Import) [5]int { return [5]int{i.Created, i.Changed, i.Same, i.Doubles, i.Bad} }

// rowAt is the row on a line of a list.
func (w *world) rowAt(i Import, line int) ImportRow {
	w.t.Helper()
	rows, err := rowsOf(w.db.Read(w.ctx), `import_id = ? AND line = ?`, i.ID, line)
	if err != nil || len(rows) != 1 {
		w.t.Fatalf("line %d: %d rows, %v", line, len(rows), err)
	}
	return rows[0]
}

// byEmail is the contact with an address.
func (w *world) byEmail(email string) Contact {
	w.t.Helper()
	c, err := w.find(email)
	if err != nil {
		w.t.Fatalf("%s: %v", email, err)
	}
	return c
}

func (w *world) find(email string) (c Contact, err error) {
	err = w.db.Read(w.ctx).Where("email_key = ? AND merged_into IS NULL", NormaliseEmail(email)).Take(&c).Error
	return c, err
}

// picture is all that contacts, groups, localities and derived consent hold, as text: whatever changes is seen in it.
func (w *world) picture() string {
	w.t.Helper()
	var lines []string
	for _, query := range []string{
		`SELECT 'contact ' || id || ' ' || kind || ' ' || name || '|' || organisation || '|' || email || '|' || phone || '|' || post_address || '|' || postcode || '|' || channel || '|' || notes
			|| '|' || CASE WHEN large_print THEN 'large' ELSE '' END FROM contacts WHERE sort_key <> '' ORDER BY id`,
		`SELECT 'member ' || contact_id || ' ' || group_id FROM contact_group_members ORDER BY contact_id, group_id`,
		`SELECT 'locality ' || contact_id || ' ' || locality FROM contact_localities ORDER BY contact_id, locality`,
		`SELECT 'stands ' || contact_id || ' ' || purpose || ' ' || channel || ' ' || entry || ' ' || basis || ' ' || consent_id FROM current_consents ORDER BY contact_id, purpose, channel`,
		`SELECT 'group ' || slug || ' ' || name FROM contact_groups ORDER BY slug`,
	} {
		var found []string
		if err := w.db.Read(w.ctx).Raw(query).Scan(&found).Error; err != nil {
			w.t.Fatal(err)
		}
		lines = append(lines, found...)
	}
	return strings.Join(lines, "\n")
}

// onEach runs a test in a world on each database.
func onEach(t *testing.T, test func(t *testing.T, w *world)) {
	t.Helper()
	onEachAddress(t, func(t *testing.T, w *world, _ string) { test(t, w) })
}

// onEachAddress is onEach for a test that has another process work in the same database.
func onEachAddress(t *testing.T, test func(t *testing.T, w *world, address string)) {
	t.Helper()
	databasetest.Each(t, func(t *testing.T, address string) { test(t, newWorld(t, address), address) })
}

// day is an instant of 2017 by the clocks of London in winter.
func day(month time.Month, day int) time.Time {
	return time.Date(2017, month, day, 0, 0, 0, 0, time.UTC)
}
