package config_test

import (
	"os"
	"strings"
	"testing"
	"time"

	"conversations/app/config"
)

func shipped(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("../../config.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestTheShippedConfigurationIsValid(t *testing.T) {
	cfg, err := config.Parse([]byte(shipped(t)), nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(cfg.Localities) != 4 || cfg.Retention.MailBodies != 30*24*time.Hour {
		t.Fatalf("read %d localities and %v for mail bodies", len(cfg.Localities), cfg.Retention.MailBodies)
	}
}

func TestTheEnvironmentOverlaysTheFile(t *testing.T) {
	cfg, err := config.Parse([]byte(shipped(t)), []string{
		"PATH=/bin", "CONVERSATIONS_MAIL_HOST=relay.example", "CONVERSATIONS_MAIL_FROM_NAME=Somebody Else",
		"CONVERSATIONS_HTTP_TRUSTED_PROXIES=127.0.0.1/32, 10.0.0.0/8", "CONVERSATIONS_MAIL_PORT=2525",
		"CONVERSATIONS_RETENTION_BOOKINGS=10d", "CONVERSATIONS_STAFF_REQUIRE_CODE=false",
		"CONVERSATIONS_ACCESS_LEAD_DAYS_SPEECH_TO_TEXT=28", "CONVERSATIONS_ACCESS_BANK_HOLIDAYS=2023-05-08,2022-09-19"})
	if err != nil {
		t.Fatal(err)
	}
	if cfg.Access.LeadDays.Of("speech-to-text") != 28 || len(cfg.Access.BankHolidays) != 2 {
		t.Errorf("not overlaid: %+v", cfg.Access)
	}
	if cfg.Mail.Host != "relay.example" || cfg.Mail.FromName != "Somebody Else" || cfg.Mail.Port != 2525 ||
		len(cfg.Proxies()) != 2 || cfg.Retention.Bookings != 240*time.Hour || cfg.Staff.RequireCode {
		t.Fatalf("not overlaid: %+v %v", cfg.Mail, cfg.Proxies())
	}
}

func TestEveryProblemIsNamedAtOnce(t *testing.T) {
	text := strings.NewReplacer("port: 25\n", "port: many\n", "tls: opportunistic", "tls: sometimes",
		"base_url: http://127.0.0.1:8080", "base_url: here", "  connections: 4", "  conections: 4", "    name: Hertsmere", "    nmae: Hertsmere",
		"postcodes: [WD6,", "postcodes: [Borehamwood,", "    bsl: 21", "    bls: 21", "bank_holidays: []", "bank_holidays: [8 May 2023]").Replace(shipped(t))
	_, err := config.Parse([]byte(text), []string{"CONVERSATIONS_MAIL_HOTS=relay.example"})
	if err == nil {
		t.Fatal("a broken configuration was accepted")
	}
	for _, want := range []string{"mail.port", "mail.tls", "base_url", "mail.conections", "mail.connections",
		"localities[3].postcodes[0]", "localities[3].nmae", "access.lead_days.bls", "access.lead_days.bsl", "access.bank_holidays[0]", "CONVERSATIONS_MAIL_HOTS"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%s is not named in:\n%v", want, err)
		}
	}
}

func TestWhatPeopleWhoSignUpAreAskedCannotBeLeftOut(t *testing.T) {
	_, err := config.Parse([]byte(strings.Replace(shipped(t), "- slug: updates", "- slug: letters", 1)), nil)
	if err == nil || !strings.Contains(err.Error(), "contacts.purposes must have updates") {
		t.Errorf("an installation without the purpose was told: %v", err)
	}
}
