package app_test

import (
	"net"
	"strings"
	"testing"

	"conversations"
	"conversations/app"
	"conversations/app/apptest"
	"conversations/app/config"
	"conversations/app/database/databasetest"
)

func TestTheMailboxOfReportsIsReadWhereOneIsNamed(t *testing.T) {
	host, port, err := net.SplitHostPort(apptest.FreeAddress(t)) // nobody listens there
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		settings []string
		want     string
	}{
		{nil, `there is no job "bounces"`},
		{[]string{"CONVERSATIONS_MAIL_BOUNCES_HOST=" + host, "CONVERSATIONS_MAIL_BOUNCES_PORT=" + port}, "connect to the IMAP server"},
	} {
		cfg, err := config.Parse(conversations.Config, append(apptest.Settings(databasetest.SQLite(t), "http://127.0.0.1:8080", 25), c.settings...))
		if err != nil {
			t.Fatal(err)
		}
		a, err := app.New(t.Context(), cfg, apptest.Log(t), nil)
		if err != nil {
			t.Fatal(err)
		}
		if err := a.Jobs.RunDue(t.Context(), "bounces", true); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("with %v: %v, want to hear %q", c.settings, err, c.want)
		}
		if err := a.Close(); err != nil {
			t.Error(err)
		}
	}
}
