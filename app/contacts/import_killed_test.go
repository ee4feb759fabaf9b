package contacts

import (
	"fmt"
	"os"
	"os/exec"
	"testing"
	"time"
)

// importingVariable names a database: this process does the work on lists that there is in it, and ends.
const importingVariable = "TEST_IMPORTING"

// TestImportingChild is the process that is killed: it tests nothing by itself.
func TestImportingChild(t *testing.T) {
	address := os.Getenv(importingVariable)
	if address == "" {
		return
	}
	w := newWorld(t, address)
	if err := w.contacts.WorkImports(w.ctx); err != nil {
		t.Fatal(err)
	}
}

// A list is brought in and taken back whole, nobody twice, however often the process that does it is killed.
func TestNothingIsHalfOrDoubleWhenTheImportIsKilled(t *testing.T) {
	onEachAddress(t, func(t *testing.T, w *world, address string) {
		const people = 4*importChunk + 100
		before := w.picture()
		lines := []string{heads}
		for n := range people {
			lines = append(lines, fmt.Sprintf("resident%d@residents.example,Resident %d,,residents,dacorum,yes,18/02/2017,a fair", n, n))
		}
		i := w.check(list("many.csv", lines...))
		if err := w.contacts.ConfirmImport(w.ctx, i.ID, Confirmation{Seen: i.Forecast()}); err != nil {
			t.Fatal(err)
		}
		w.killWhile(address, func() int { return w.number(`SELECT count(*) FROM contacts`) }, people)
		i = w.work(i.ID)
		if i.State != ImportDone || i.Created != people {
			t.Fatalf("it is %s, %d are new", i.State, i.Created)
		}
		for what, query := range map[string]string{
			"contacts": `SELECT count(*) FROM contacts`, "members": `SELECT count(*) FROM contact_group_members`, "localities": `SELECT count(*) FROM contact_localities`,
			"entries of the ledger":       `SELECT count(*) FROM consents`,
			"entries of the audit log":    `SELECT count(*) FROM audit_entries WHERE action = 'contact.import'`,
			"contacts with their own row": `SELECT count(DISTINCT contact_id) FROM contact_import_rows WHERE outcome = 'create' AND version_after = 1`,
		} {
			if n := w.number(query); n != people {
				t.Errorf("%d %s, and not %d", n, what, people)
			}
		}
		if err := w.contacts.UndoImport(w.ctx, i.ID); err != nil {
			t.Fatal(err)
		}
		w.killWhile(address, func() int { return w.number(`SELECT count(*) FROM contact_import_rows WHERE ended = 'undone'`) }, people)
		if i = w.work(i.ID); i.Undone != people || w.picture() != before {
			t.Errorf("%d are taken back, and there is left\n%s", i.Undone, w.picture())
		}
		if n := w.number(`SELECT count(*) FROM consents WHERE entry = 'annulled'`); n != people {
			t.Errorf("%d entries are annulled", n)
		}
	})
}

// killWhile has a process work and kills it when it has got further, again and again; the first kills must find it in
// the midst of its work.
func (w *world) killWhile(address string, done func() int, all int) {
	w.t.Helper()
	inTheMidst := 0
	for n := range 3 {
		enough := done() + 1
		cmd := exec.Command(os.Args[0], "-test.run=^TestImportingChild$")
		cmd.Env = append(os.Environ(), importingVariable+"="+address)
		if err := cmd.Start(); err != nil {
			w.t.Fatal(err)
		}
		ended := make(chan struct{})
		go func() { _ = cmd.Wait(); close(ended) }()
		look := time.NewTicker(time.Millisecond)
		for waiting := true; waiting; {
			select {
			case <-ended:
				waiting = false
			case <-look.C:
				waiting = done() < enough
			}
		}
		look.Stop()
		_ = cmd.Process.Kill()
		<-ended
		if got := done(); got > 0 && got < all {
			inTheMidst++
		}
		if n == 0 && inTheMidst == 0 {
			w.t.Fatal("the process had finished before it could be killed: make the list longer")
		}
	}
}
