package main

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"conversations"
	"conversations/app"
	"conversations/app/apptest"
	"conversations/app/config"
	"conversations/app/database"
	"conversations/app/database/databasetest"
	"conversations/app/mail"
)

// A mail server hands what came back to the program on standard input, while the site runs on the same database.
func TestADeliveryReportOnStandardInputIsNoted(t *testing.T) {
	address := databasetest.SQLite(t)
	environ := apptest.Settings(address, "http://127.0.0.1:8080", 25)
	a := openApp(t, environ)
	letter := sentLetter(t, a, "robin@dead.example")
	shape, err := os.ReadFile(filepath.Join("..", "..", "app", "mail", "reports", "testdata", "postfix-gone.eml"))
	if err != nil {
		t.Fatal(err)
	}
	report := strings.ReplaceAll(string(shape), "TOKEN", a.Links.Code("delivery.envelope", letter.ID))

	for _, c := range []struct {
		name, stdin string
		code        int
		says        string
	}{
		{"a forged report", string(shape), done, "is about no letter of ours"},
		{"a report", report, done, "It is noted"},
		{"the same again", report, done, "It was noted before"},
		{"a large mail", report + strings.Repeat("more\n", 1<<20), done, "It was noted before"},
		{"an automatic answer", "Auto-Submitted: auto-replied\n\nI am away.\n", done, "There is nothing to note"},
		{"nothing", "", misused, "nothing on standard input"},
	} {
		code, out := reportOn(t, environ, c.stdin)
		if code != c.code || !strings.Contains(out, c.says) {
			t.Errorf("%s: exit %d, %s", c.name, code, out)
		}
	}
	noFolder, err := filepath.Abs(configFile) // a file, so that nothing can be below it
	if err != nil {
		t.Fatal(err)
	}
	if code, out := reportOn(t, []string{"CONVERSATIONS_DATABASE_URL=sqlite:///" + noFolder + "/x.db"}, report); code != failed {
		t.Errorf("without a database: exit %d, %s", code, out)
	}
	suppressed, err := a.Outbox.Suppressed(t.Context(), "robin@dead.example")
	if err != nil || suppressed["robin@dead.example"] != mail.SuppressedBounced {
		t.Errorf("suppressed are %v (%v)", suppressed, err)
	}
}

// reportOn runs the program as a process of its own, and gives what it printed.
func reportOn(t *testing.T, environ []string, stdin string) (code int, output string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), apptest.Binary(t), "--config", configFile, "delivery-report")
	cmd.Env, cmd.Stdin = append(os.Environ(), environ...), strings.NewReader(stdin)
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatalf("%v\n%s", err, out.String()) // such as that it did not read to the end
	}
	return cmd.ProcessState.ExitCode(), out.String()
}

func openApp(t *testing.T, environ []string) *app.App {
	t.Helper()
	cfg, err := config.Parse(conversations.Config, environ)
	if err != nil {
		t.Fatal(err)
	}
	a, err := app.New(t.Context(), cfg, apptest.Log(t), nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = a.Close() })
	return a
}

// sentLetter is a letter to many that left to one.
func sentLetter(t *testing.T, a *app.App, address string) mail.Delivery {
	t.Helper()
	err := a.DB.Write(t.Context(), func(tx *database.Tx) error {
		id, err := a.Outbox.CreateMailing(t.Context(), tx, mail.NewMailing{Key: "update:1", Kind: "update", Subject: "What we heard", ListID: "updates", Purpose: "updates"})
		if err == nil {
			_, err = a.Outbox.AddRecipients(t.Context(), tx, id, []mail.Recipient{{ContactID: 1, Address: address}})
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	list, _, err := a.Outbox.Deliveries(t.Context(), mail.DeliveryFilter{})
	if err != nil || len(list) != 1 {
		t.Fatalf("%d letters, %v", len(list), err)
	}
	return list[0]
}
