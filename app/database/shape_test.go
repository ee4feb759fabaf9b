package database_test

import (
	"context"
	"testing"
	"time"

	"conversations/app/database"
	"conversations/app/database/databasetest"
)

// A server that had been in use for a day took twenty seconds over it, and the program waits for it when it starts.
func TestTheShapeOfTablesIsKnownAtOnceHoweverMuchTheServerKnowsOfThem(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		db := ledger(t, address)
		if err := db.Write(t.Context(), func(tx *database.Tx) error { return tx.Exec(`ANALYZE`).Error }); err != nil {
			t.Fatal(err)
		}
		soon, stop := context.WithTimeout(t.Context(), 3*time.Second)
		defer stop()
		shapes, err := db.Shapes(soon)
		if err != nil {
			t.Fatal(err)
		}
		got := shapes["ledger"]
		if got["name"] != (database.Shape{Kind: database.TextKind, Key: true}) || got["balance"] != (database.Shape{Kind: database.NumberKind}) {
			t.Errorf("the ledger has the shape %+v", got)
		}
		if _, is := shapes["current_consents"]; is {
			t.Error("a view is taken for a table")
		}
	})
}
