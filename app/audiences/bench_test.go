package audiences

import (
	"runtime"
	"testing"

	"conversations/app/database"
	"conversations/app/database/databasetest"
)

// BenchmarkMake makes a list of 100,000 contacts with three lines each in the ledger, by a rule with all three parts.
// Run it with -benchtime=1x.
func BenchmarkMake(b *testing.B) {
	for name, address := range map[string]func(testing.TB) string{"sqlite": databasetest.SQLite, "postgres": databasetest.Postgres} {
		b.Run(name, func(b *testing.B) {
			w := newWorld(b, address(b), 1)
			w.fill(100_000)
			rule := Rule{Any: []Condition{{Kind: Group, Values: []string{"councillors", "media"}}, {Kind: Everyone}},
				All: []Condition{{Kind: Asked, Values: []string{"updates"}}}, None: []Condition{{Kind: Locality, Values: []string{"hertsmere"}}}}
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			b.ResetTimer()
			for b.Loop() {
				l := w.make(rule, "updates")
				b.ReportMetric(float64(l.Size()), "people")
			}
			b.StopTimer()
			runtime.ReadMemStats(&after)
			b.ReportMetric(float64(after.TotalAlloc-before.TotalAlloc)/float64(b.N)/(1<<20), "MB-allocated")
		})
	}
}

// fill adds many contacts by SQL alone.
func (w *world) fill(n int) {
	w.t.Helper()
	const numbers = `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?) `
	for _, statement := range []string{
		`INSERT INTO contacts (id, name, email, email_key, suppression_key, created_at, updated_at)
			` + numbers + `SELECT i, 'Contact ' || i, 'c' || i || '@contacts.example', 'c' || i || '@contacts.example', 'hash ' || i, CURRENT_TIMESTAMP, CURRENT_TIMESTAMP FROM n`,
		`INSERT INTO contact_group_members (contact_id, group_id) ` + numbers + `SELECT i, 1 + i % 4 FROM n`,
		`INSERT INTO contact_localities (contact_id, locality) ` + numbers + `SELECT i, CASE WHEN i % 5 = 0 THEN 'hertsmere' ELSE 'dacorum' END FROM n`,
		`INSERT INTO consents (contact_id, purpose, channel, entry, basis, at, recorded_at, source) ` + numbers + `SELECT i, 'updates', 'email', 'given', 'consent', '2016-01-01', CURRENT_TIMESTAMP, 'staff' FROM n`,
		`INSERT INTO consents (contact_id, purpose, channel, entry, basis, at, recorded_at, source) ` + numbers + `SELECT i, 'recontact', 'email', 'given', 'consent', '2016-01-01', CURRENT_TIMESTAMP, 'staff' FROM n`,
		`INSERT INTO consents (contact_id, purpose, channel, entry, basis, at, recorded_at, source) ` + numbers + `SELECT i, 'updates', 'email', CASE WHEN i % 10 = 0 THEN 'withdrawn' ELSE 'given' END, 'consent', '2016-06-01', CURRENT_TIMESTAMP, 'staff' FROM n`,
	} {
		w.write(func(tx *database.Tx) error { return tx.DB.Exec(statement, n).Error })
	}
	if w.db.Dialect == database.Postgres {
		w.write(func(tx *database.Tx) error { return tx.Exec(`ANALYZE`).Error })
	}
}
