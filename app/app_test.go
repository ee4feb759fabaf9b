package app_test

import (
	"context"
	"strings"
	"testing"

	"conversations/app"
	"conversations/app/database/databasetest"
)

func TestEveryColumnIsDeclared(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		db := databasetest.Open(t, address, nil)
		differences, err := db.Undeclared(context.Background(), app.Tables())
		if err != nil || len(differences) > 0 {
			t.Fatalf("%v\n%s", err, strings.Join(differences, "\n"))
		}
		// The check itself: a table that nobody declared, and a declaration without its table.
		differences, err = db.Undeclared(context.Background(), app.Tables()[1:])
		if err != nil || !strings.Contains(strings.Join(differences, "\n"), "bookings.name is not declared") {
			t.Fatalf("a missing declaration was not found: %v %v", err, differences)
		}
	})
}
