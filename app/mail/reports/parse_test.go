package reports_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"conversations/app/mail/reports"
)

// shape is a mail of the folder testdata, all written for these tests.
func shape(t testing.TB, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", name+".eml"))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func parsed(t testing.TB, text string) reports.Report {
	t.Helper()
	r, err := reports.Parse(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestWhatServersSendBackIsUnderstood(t *testing.T) {
	for name, want := range map[string]struct {
		kind    reports.Kind
		outcome reports.Outcome
		status  string
		final   string
		byID    bool // the Message-ID of the letter is known
	}{
		"postfix-gone":             {reports.Delivery, reports.Gone, "5.1.1", "robin@dead.example", true},
		"postfix-full":             {reports.Delivery, reports.Refused, "4.2.2", "robin@dead.example", true},
		"postfix-delayed":          {reports.Delivery, reports.Waiting, "4.4.1", "robin@dead.example", true},
		"exim-gone":                {reports.Delivery, reports.Gone, "5.1.1", "robin@dead.example", true},
		"exim-plain-gone":          {reports.Delivery, reports.Gone, "5.1.1", "robin@dead.example", false},
		"exchange-gone":            {reports.Delivery, reports.Gone, "5.1.10", "robin@dead.example", true},
		"webmail-gone":             {reports.Delivery, reports.Gone, "5.1.1", "robin@dead.example", true},
		"refused-as-spam":          {reports.Delivery, reports.Refused, "5.7.1", "robin@dead.example", false},
		"qmail-plain-gone":         {reports.Delivery, reports.Gone, "5.1.1", "", false},
		"plain-full":               {reports.Delivery, reports.Refused, "", "", false},
		"success":                  {reports.Delivery, reports.Arrived, "2.1.9", "robin@dead.example", false},
		"complaint":                {kind: reports.Complaint, byID: true},
		"vacation":                 {kind: reports.AutoReply},
		"out-of-office":            {kind: reports.AutoReply},
		"receipt":                  {kind: reports.AutoReply},
		"person-forwards-a-report": {kind: reports.Unknown},
	} {
		for ends, text := range map[string]string{"LF": shape(t, name), "CRLF": strings.ReplaceAll(shape(t, name), "\n", "\r\n")} {
			r := parsed(t, text)
			if r.Kind != want.kind || strings.Join(r.Envelopes, " ") != "bounces+TOKEN@news.example" {
				t.Errorf("%s (%s) is %q to %q, want %q", name, ends, r.Kind, r.Envelopes, want.kind)
			}
			if got := strings.Join(r.MessageIDs, " "); (got == "MESSAGE@news.example") != want.byID || !want.byID && got != "" {
				t.Errorf("%s (%s): the letter is said to be %q", name, ends, got)
			}
			if want.outcome == "" && len(r.Recipients) == 0 {
				continue
			}
			if len(r.Recipients) != 1 || r.Recipients[0].Outcome() != want.outcome || r.Recipients[0].Status != want.status || r.Recipients[0].Final != want.final {
				t.Errorf("%s (%s) says %+v", name, ends, r.Recipients)
			}
		}
	}
}

func TestTheServersWordsComeInOneLine(t *testing.T) {
	got := parsed(t, shape(t, "postfix-gone")).Recipients[0].Words
	if got != "550 5.1.1 <robin@dead.example>: Recipient address rejected: User unknown in virtual mailbox table" {
		t.Errorf("the words are %q", got)
	}
}

func TestTheMoreExactOfTwoCodesCounts(t *testing.T) {
	for given, want := range map[string]reports.Recipient{
		"Action: failed\nStatus: 5.0.0\nDiagnostic-Code: smtp; 550 No such user":                     {Status: "5.0.0", Action: "gone"},
		"Action: failed\nStatus: 5.0.0\nDiagnostic-Code: smtp; 452 No such user just now":            {Status: "5.0.0", Action: "refused"},
		"Action: failed\nDiagnostic-Code: smtp; 452 No such user just now":                           {Status: "", Action: "refused"},
		"Action: failed\nStatus: 5.0.0\nDiagnostic-Code: smtp; 552 5.2.2 unknown user is over quota": {Status: "5.2.2", Action: "refused"},
		"Action: failed\nStatus: 5.1.1 (bad mailbox)\nDiagnostic-Code: smtp; 554 5.7.1 no":           {Status: "5.1.1", Action: "gone"},
		"Action: failed\nStatus: 4.4.7\nDiagnostic-Code: smtp; 550 5.1.1 long ago":                   {Status: "4.4.7", Action: "refused"},
		"Action: failed\nStatus: 5.4.4\nDiagnostic-Code: X-Postfix; Host not found":                  {Status: "5.4.4", Action: "refused"},
		"Action: failed\nStatus: 15.1.1\nDiagnostic-Code: smtp; from 5.1.1.7":                        {Status: "", Action: "refused"},
		"Action: EXPANDED (to a list)\nStatus: 2.0.0":                                                {Status: "2.0.0", Action: "arrived"},
		"Final-Recipient: rfc822;a@b.example\nStatus: 2.0.0":                                         {Status: "2.0.0", Action: "arrived"},
		"Final-Recipient: rfc822;a@b.example":                                                        {Status: "", Action: "refused"},
	} {
		r := parsed(t, "Content-Type: message/delivery-status\n\nReporting-MTA: dns;x\n\n"+given+"\n")
		if len(r.Recipients) != 1 || r.Recipients[0].Status != want.Status || string(r.Recipients[0].Outcome()) != want.Action {
			t.Errorf("%q says %+v, want %q, %s", given, r.Recipients, want.Status, want.Action)
		}
	}
}

func TestAPlainTextCountsOnlyFromAMailSystemAndWithAReason(t *testing.T) {
	const refusal = "\n\n550 5.1.1 <robin@dead.example>: user unknown\n"
	for name, c := range map[string]struct {
		text string
		want reports.Kind
	}{
		"from a mail system":   {"From: MAILER-DAEMON@q.example" + refusal, reports.Delivery},
		"from a person":        {"From: robin@dead.example" + refusal, reports.Unknown},
		"from nobody":          {"Subject: Undelivered" + refusal, reports.Unknown},
		"with no reason":       {"From: postmaster@q.example\n\nIt was not delivered. 550 people live here.\n", reports.Unknown},
		"with a quoted reason": {"From: postmaster@q.example\n\nSorry.\n\n--- Original message ---" + refusal, reports.Unknown},
	} {
		if got := parsed(t, c.text).Kind; got != c.want {
			t.Errorf("%s it is %q, want %q", name, got, c.want)
		}
	}
}

func TestHostileMailsAreReadInTimeAndInBounds(t *testing.T) {
	nest := "Content-Type: multipart/mixed; boundary=b0\n\n"
	for i := range 200 {
		nest += fmt.Sprintf("--b%d\nContent-Type: multipart/mixed; boundary=b%d\n\n", i, i+1)
	}
	status := "Content-Type: multipart/report; boundary=s\n\n--s\nContent-Type: message/delivery-status\n\n"
	for name, text := range map[string]string{
		"nothing":             "",
		"only line ends":      strings.Repeat("\n", 2<<20),
		"one endless line":    strings.Repeat("x", 2<<20),
		"one endless field":   "To: " + strings.Repeat("a+b@c.example,\n ", 200_000),
		"many fields":         strings.Repeat("To: a+b@c.example\n", 200_000),
		"many parts":          "Content-Type: multipart/mixed; boundary=x\n\n" + strings.Repeat("--x\n\n", 300_000),
		"parts in parts":      nest,
		"no boundary":         "Content-Type: multipart/report\n\n--\nAction: failed\n",
		"a boundary of lines": "Content-Type: multipart/report; boundary=\"\"\n\n--\n--\n",
		"many recipients":     status + strings.Repeat("Final-Recipient: rfc822;a@b.example\nAction: failed\nStatus: 5.1.1\n\n", 20_000),
		"a part with no end":  status + "Final-Recipient: rfc822;a@b.example\nAction: failed",
		"broken base64":       "Content-Type: message/delivery-status\nContent-Transfer-Encoding: base64\n\nQWN0aW9u*** !!!",
		"zeros":               strings.Repeat("\x00", 1<<20),
	} {
		began := time.Now()
		r := parsed(t, text)
		if took := time.Since(began); took > 5*time.Second {
			t.Errorf("%s took %s", name, took)
		}
		if len(r.Recipients) > 50 || len(r.Envelopes) > 20 || len(r.MessageIDs) > 20 {
			t.Errorf("%s gives %d recipients, %d envelopes, %d letters", name, len(r.Recipients), len(r.Envelopes), len(r.MessageIDs))
		}
	}
}

func FuzzParsingWhatCameBack(f *testing.F) {
	files, err := filepath.Glob("testdata/*.eml")
	if err != nil || len(files) == 0 {
		f.Fatalf("%d seeds, %v", len(files), err)
	}
	for _, file := range files {
		f.Add([]byte(shape(f, strings.TrimSuffix(filepath.Base(file), ".eml"))))
	}
	f.Fuzz(func(t *testing.T, mail []byte) {
		r := parsed(t, string(mail))
		if len(r.Recipients) > 50 || len(r.Envelopes) > 20 || len(r.MessageIDs) > 20 {
			t.Errorf("%d recipients, %d envelopes, %d letters", len(r.Recipients), len(r.Envelopes), len(r.MessageIDs))
		}
		for _, one := range r.Recipients {
			if len(one.Words) > 600 || strings.ContainsAny(one.Words, "\r\n\x00") {
				t.Errorf("the words are %q", one.Words)
			}
			if one.Outcome() == "" {
				t.Errorf("%+v has no outcome", one)
			}
		}
		if r.Kind == reports.Delivery && len(r.Recipients) == 0 {
			t.Error("a delivery report about nobody")
		}
	})
}
