package surveys_test

import (
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"conversations/app/database"
	"conversations/app/database/databasetest"
	"conversations/app/surveys"
)

const (
	invitedPeople  = 70
	answeredPeople = 60
	// linkedByLuck bounds how many of 60 pairs a guess may get right: 1 is expected, and more than 9 comes once in ten million.
	linkedByLuck = 9
	// correlatedByLuck bounds a rank correlation of 60 pairs that have nothing to do with each other: five standard deviations.
	correlatedByLuck = 0.65
)

// leak is a survey that was answered by invitation, with what only the test knows: who wrote what, and in which order.
type leak struct {
	world
	t       *testing.T
	form    surveys.Form
	wrote   map[string]int // text -> contact
	ordered []int          // contacts, in the order in which they answered
}

func answeredByInvitation(t *testing.T, address string, anonymous bool) leak {
	t.Helper()
	l := leak{world: open(t, address), t: t, wrote: map[string]int{}}
	l.contacts(t, invitedPeople+1)
	l.form = l.listening(t, surveys.SurveyForm{Anonymous: anonymous, ContactForm: anonymous})
	l.sent(t, l.form, surveys.ToContacts, "")
	tokens := l.tokens(t, "survey.invitation")
	random := rand.New(rand.NewPCG(7, 11))
	for _, n := range random.Perm(invitedPeople)[:answeredPeople] {
		contact, text := n+1, fmt.Sprintf("%016x", random.Uint64())
		*l.at = l.at.Add(time.Duration(1+random.IntN(300)) * time.Second)
		l.answers(t, tokens[fmt.Sprintf("c%d@residents.example", contact)], text)
		if anonymous && random.IntN(2) == 0 {
			must(t, l.LeaveContact(t.Context(), l.form.Survey, surveys.ContactDetails{Name: "Resident Example", Email: fmt.Sprintf("c%d@residents.example", contact)}))
		}
		l.wrote[text], l.ordered = contact, append(l.ordered, contact)
	}
	return l
}

// row is a row of the dump and whose it is: a contact, or the true writer of a response, which the attack must find out.
type row struct {
	who    int
	values map[string]any
}

// dump gives the rows of a table in the order in which a dump has them: as the database keeps them.
func (l leak) dump(table string) []map[string]any {
	l.t.Helper()
	rows, err := database.Records(l.db.Read(l.t.Context()), "SELECT * FROM "+table)
	must(l.t, err)
	return rows
}

// invited are the tables of the dump from whose rows everybody can read which contact they are about.
func (l leak) invited() map[string][]row {
	out := map[string][]row{}
	used := map[int64]bool{}
	for _, r := range l.dump("survey_invitations") {
		used[r["contact_id"].(int64)] = truth(r["used"])
	}
	for _, table := range []string{"survey_invitations", "deliveries", "audience_list_rows", "consents", "contacts"} {
		column := map[bool]string{true: "id", false: "contact_id"}[table == "contacts"]
		for _, r := range l.dump(table) {
			contact := r[column].(int64)
			if !l.form.Survey.Anonymous || used[contact] { // the others cannot have answered
				out[table] = append(out[table], row{int(contact), r})
			}
		}
	}
	for _, r := range l.dump("survey_respondents") {
		var contact int
		_, err := fmt.Sscanf(r["email"].(string), "c%d@", &contact)
		must(l.t, err)
		out["survey_respondents"] = append(out["survey_respondents"], row{contact, r})
	}
	return out
}

func truth(value any) bool { return value == true || value == int64(1) }

// answered are the tables with what was answered.
func (l leak) answered() map[string][]row {
	out, writer := map[string][]row{}, map[int64]int{}
	for _, r := range l.dump("survey_answers") {
		id := r["response_id"].(int64)
		writer[id] = l.wrote[r["text"].(string)]
		out["survey_answers"] = append(out["survey_answers"], row{writer[id], r})
	}
	for _, r := range l.dump("survey_responses") {
		if id := r["id"].(int64); r["state"] == "complete" {
			out["survey_responses"] = append(out["survey_responses"], row{writer[id], r})
		}
	}
	return out
}

// joined is the most answers that equal values in a column of each side give to the right people.
func joined(invited, answered map[string][]row) (most int, how string) {
	for table, left := range invited {
		for column := range left[0].values {
			keys := single(left, column)
			for other, right := range answered {
				for another := range right[0].values {
					right := single(right, another)
					links := 0
					for value, who := range right {
						if keys[value] == who && who != 0 {
							links++
						}
					}
					if links > most {
						most, how = links, table+"."+column+" = "+other+"."+another
					}
				}
			}
		}
	}
	return most, how
}

// single are the values of a column that lead to one person.
func single(rows []row, column string) map[string]int {
	out := map[string]int{}
	for _, r := range rows {
		if r.values[column] == nil {
			continue
		}
		value := fmt.Sprint(r.values[column])
		if who, there := out[value]; there && who != r.who {
			out[value] = 0
			continue
		}
		out[value] = r.who
	}
	return out
}

// orders are the people of some tables in every order that the dump has: that of the rows, and that of each column.
func orders(tables map[string][]row) map[string][]int {
	out := map[string][]int{}
	for table, rows := range tables {
		out[table+", as it stands"] = peopleOf(rows)
		for column := range rows[0].values {
			sorted := slices.Clone(rows)
			slices.SortStableFunc(sorted, func(a, b row) int { return strings.Compare(sortable(a.values[column]), sortable(b.values[column])) })
			out[table+" by "+column] = peopleOf(sorted)
		}
	}
	return out
}

func peopleOf(rows []row) (list []int) {
	for _, r := range rows {
		if !slices.Contains(list, r.who) {
			list = append(list, r.who)
		}
	}
	return list
}

func sortable(value any) string {
	switch v := value.(type) {
	case int64:
		return fmt.Sprintf("%020d", v)
	case time.Time:
		return v.Format("2006-01-02T15:04:05.000000")
	}
	return fmt.Sprint(value)
}

// correlated is how far the most alike two orders of the same people go together: 0 not at all, 1 in step or in reverse.
func correlated(some, others map[string][]int) (most float64, how string) {
	for a, left := range some {
		for b, right := range others {
			if rho := math.Abs(spearman(left, right)); rho > most {
				most, how = rho, a+" with "+b
			}
		}
	}
	return most, how
}

func spearman(left, right []int) float64 {
	place := map[int]int{}
	for i, who := range right {
		place[who] = i
	}
	var mine, theirs []int
	for i, who := range left {
		if at, both := place[who]; both {
			mine, theirs = append(mine, i), append(theirs, at)
		}
	}
	n := float64(len(mine))
	if n < 20 {
		return 0
	}
	ranks := func(list []int) map[int]int {
		out := map[int]int{}
		for rank, v := range slices.Sorted(slices.Values(list)) {
			out[v] = rank
		}
		return out
	}
	a, b, sum := ranks(mine), ranks(theirs), 0.0
	for i := range mine {
		d := float64(a[mine[i]] - b[theirs[i]])
		sum += d * d
	}
	return 1 - 6*sum/(n*(n*n-1))
}

// Whoever has a dump, and even knows from elsewhere in which order people answered, cannot tell who wrote what in an
// anonymous survey. The same attack finds out everybody in a survey that is not anonymous.
func TestNothingInADumpJoinsOrOrdersAnonymousAnswersWithInvitations(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		l := answeredByInvitation(t, address, true)
		l.wantNothing("at once", orders(l.invited()))
		must(t, l.Shuffle(t.Context()))
		known := orders(l.invited())
		known["the log of a server outside"] = l.ordered
		l.wantNothing("after a minute", known)
		for _, r := range l.dump("survey_responses") {
			if r["started_at"] != nil || r["submitted_at"] != nil || r["invitation_id"] != nil || r["language"] != "en" {
				t.Fatalf("kept: %v", r)
			}
		}
		for _, entry := range l.dump("audit_entries") {
			if action := fmt.Sprint(entry["action"]); strings.HasPrefix(action, "response") {
				t.Errorf("the audit log has %v", entry)
			}
		}
	})
}

func (l leak) wantNothing(when string, known map[string][]int) {
	l.t.Helper()
	if n, how := joined(l.invited(), l.answered()); n > linkedByLuck {
		l.t.Errorf("%s: %d of %d are found by %s", when, n, answeredPeople, how)
	}
	if rho, how := correlated(known, orders(l.answered())); rho > correlatedByLuck {
		l.t.Errorf("%s: %.2f is how far in step are %s", when, rho, how)
	}
}

func TestTheSameAttackFindsEverybodyInASurveyThatIsNotAnonymous(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		l := answeredByInvitation(t, address, false)
		if n, how := joined(l.invited(), l.answered()); n != answeredPeople {
			t.Errorf("%d are found by %s", n, how)
		}
		if rho, how := correlated(map[string][]int{"the log": l.ordered}, orders(l.answered())); rho < 0.999 {
			t.Errorf("%.2f is how far in step are %s", rho, how)
		}
		if got := slices.Sorted(maps.Values(l.wrote)); len(slices.Compact(got)) != answeredPeople {
			t.Errorf("%d people wrote", len(got))
		}
	})
}

// Without the shuffle, the order in which PostgreSQL keeps rows gives away the order of the answers: the attack sees it.
func TestPostgresKeepsTheOrderOfAnswersUntilTheyAreShuffled(t *testing.T) {
	l := answeredByInvitation(t, databasetest.Postgres(t), true)
	outside := map[string][]int{"the log of a server outside": l.ordered}
	if rho, _ := correlated(outside, orders(l.answered())); rho < 0.9 {
		t.Errorf("before: %.2f", rho)
	}
	must(t, l.Shuffle(t.Context()))
	var transactions int
	must(t, l.db.Read(t.Context()).Raw("SELECT count(DISTINCT xmin::text) FROM survey_answers").Scan(&transactions).Error)
	if rho, how := correlated(outside, orders(l.answered())); rho > correlatedByLuck || transactions != 1 {
		t.Errorf("after: %.2f by %s, %d transactions", rho, how, transactions)
	}
}
