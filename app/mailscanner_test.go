package app_test

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"conversations/app"
	"conversations/app/apptest"
	"conversations/app/database/databasetest"
	"conversations/app/mail"
)

// looks is how often the program that scans mails asks in all.
const looks = 1000

// Programs that look for viruses open every link of a mail, again and again and in every way, before its reader sees
// it. That confirms nobody, changes nobody's choices and unsubscribes nobody.
func TestAThousandLooksAtTheLinksOfMailsChangeNothing(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		site := apptest.StartOn(t, address)
		site.Post("/subscribe", url.Values{"email": {"ada@residents.example"}}) // has not said yes
		linkTo(t, site, "ada@residents.example", "/subscribe/confirm/")
		site.Post("/subscribe", url.Values{"email": {"ben@residents.example"}})
		site.Post(linkTo(t, site, "ben@residents.example", "/subscribe/confirm/"), nil)
		site.Post("/subscribe/link", url.Values{"email": {"ben@residents.example"}})
		linkTo(t, site, "ben@residents.example", "/subscriptions/")
		ben := count(t, site.App.DB, `SELECT id FROM contacts WHERE email_key = 'ben@residents.example'`)
		send(t, site, "update:1", []mail.Recipient{{ContactID: int64(ben), Address: "ben@residents.example", Name: "Ben Example"}})
		linkTo(t, site, "ben@residents.example", "/unsubscribe/")
		apptest.Eventually(t, "the letter has left", func() bool {
			return count(t, site.App.DB, `SELECT count(*) FROM mailings WHERE ended_at IS NULL`) == 0
		})
		links := linksOfMails(t, site)
		before := dump(t, site)
		for i := range looks {
			look(t, site, links[i%len(links)], i)
		}
		if after := dump(t, site); after != before {
			t.Errorf("the database has changed:\n%s", changed(before, after))
		}
		site.Post(linkTo(t, site, "ben@residents.example", "/unsubscribe/"), nil)
		if dump(t, site) == before {
			t.Error("what a person does is not seen in the dump")
		}
	})
}

var anyLink = regexp.MustCompile(`https?://[^\s"<>]+`)

// linksOfMails are all addresses of the site that stand in any mail: in its text, its HTML or its head.
func linksOfMails(t *testing.T, site *apptest.Site) (links []string) {
	t.Helper()
	messages, err := site.Mail.List()
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range messages {
		head, _, _ := strings.Cut(strings.ReplaceAll(m.Raw, "\r\n", "\n"), "\n\n")
		for _, link := range anyLink.FindAllString(head+"\n"+m.Text+"\n"+m.HTML, -1) {
			if strings.HasPrefix(link, site.URL) && !slices.Contains(links, link) {
				links = append(links, link)
			}
		}
	}
	for _, want := range []string{"/subscribe/confirm/", "/subscriptions/", "/unsubscribe/"} {
		if !slices.ContainsFunc(links, func(l string) bool { return strings.Contains(l, want) }) {
			t.Fatalf("no mail has a link to %s: %v", want, links)
		}
	}
	return links
}

// look asks for a link as scanners do: with GET or HEAD, with what a form would send in the address, as from a mail
// provider.
func look(t *testing.T, site *apptest.Site, link string, i int) {
	t.Helper()
	method := []string{http.MethodGet, http.MethodHead}[i%2]
	if i%3 == 0 {
		link += "?List-Unsubscribe=One-Click&how=email&saved=stopped"
	}
	request, err := http.NewRequest(method, link, nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("User-Agent", fmt.Sprintf("Example-Scanner/%d", i))
	if i%5 == 0 {
		request.Header.Set("Sec-Fetch-Site", "cross-site")
		request.Header.Set("Purpose", "prefetch")
	}
	response, err := site.Client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	_ = response.Body.Close()
	if response.StatusCode >= 400 {
		t.Errorf("%s %s was answered %d", method, link, response.StatusCode)
	}
}

// dump is every row of every table, but for when work on a schedule ran last: that is no visitor's doing.
func dump(t *testing.T, site *apptest.Site) string {
	t.Helper()
	var lines []string
	for _, table := range app.Tables() {
		if table.Name == "jobs" || table.Name == "rate_buckets" {
			continue
		}
		var rows []map[string]any
		if err := site.App.DB.Read(site.Ctx()).Raw(`SELECT * FROM ` + table.Name).Scan(&rows).Error; err != nil {
			t.Fatal(err)
		}
		for _, row := range rows {
			lines = append(lines, table.Name+" "+fmt.Sprint(row))
		}
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

// changed are the lines that only one of two dumps has.
func changed(before, after string) string {
	var out []string
	was, is := strings.Split(before, "\n"), strings.Split(after, "\n")
	for _, line := range was {
		if !slices.Contains(is, line) {
			out = append(out, "- "+line)
		}
	}
	for _, line := range is {
		if !slices.Contains(was, line) {
			out = append(out, "+ "+line)
		}
	}
	return strings.Join(out, "\n")
}
