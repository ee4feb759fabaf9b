package audiences

import (
	"maps"
	"slices"
	"testing"
	"time"

	"conversations/app/database"
	"conversations/app/database/databasetest"

	"pgregory.net/rapid"
)

// current is the last word on a purpose and a channel; "" where there is none. taken says that there was one, and that
// it was taken back.
func (w *world) current(contact int64, purpose, channel string) (word entry, taken bool) {
	annulled := map[int64]bool{}
	for _, e := range w.entries {
		annulled[e.annuls] = true
	}
	for _, e := range w.entries {
		if e.contact != contact || e.purpose != purpose || e.channel != channel {
			continue
		}
		taken = true
		if e.entry == "annulled" || annulled[e.id] {
			continue
		}
		ends, ended := e.entry != "given", word.entry != "given"
		switch {
		case word.id == 0, e.counts().After(word.counts()), e.counts().Equal(word.counts()) && (ends && !ended || ends == ended && e.id > word.id):
			word = e
		}
	}
	return word, taken
}

// counts is from when an entry counts: an objection from when we heard of it.
func (e entry) counts() time.Time {
	if e.entry == "objected" {
		return e.recorded
	}
	return e.at
}

func (w *world) refused(p *person, purpose, channel string) string {
	word, taken := w.current(p.id, purpose, channel)
	switch {
	case word.entry != "":
		return "left-out " + word.entry
	case taken:
		return "left-out taken-back"
	}
	return "left-out never-asked"
}

// outcome is what becomes of a contact who is wanted.
func (w *world) outcome(p *person, purpose string) string {
	mail, _ := w.current(p.id, purpose, "email")
	paper, _ := w.current(p.id, purpose, "post")
	byPost := p.post != "" && paper.entry == "given"
	switch {
	case p.channel == "telephone":
		return "left-out prefers-telephone"
	case p.channel == "post" && byPost:
		return "post"
	case p.email != "" && mail.entry == "given" && p.suppressed == "":
		return "email"
	case p.email == "" && byPost:
		return "post"
	case p.email == "" && p.post == "":
		return "left-out no-address"
	case p.email == "" || p.channel == "post" && p.post != "":
		return w.refused(p, purpose, "post")
	case mail.entry == "given":
		return "left-out " + p.suppressed
	}
	return w.refused(p, purpose, "email")
}

// still is what becomes of somebody who was on the list, now.
func (w *world) still(p *person, purpose, was string) string {
	mail, _ := w.current(p.id, purpose, "email")
	paper, _ := w.current(p.id, purpose, "post")
	lost := ""
	switch {
	case p.mergedInto != 0:
		lost = "left-out merged"
	case was == "post" && p.post == "", was == "email" && p.email == "":
		lost = "left-out no-address"
	case was == "post" && paper.entry == "given", was == "email" && mail.entry == "given" && p.suppressed == "":
		return was
	case was == "post":
		lost = w.refused(p, purpose, "post")
	case mail.entry == "given":
		lost = "left-out " + p.suppressed
	default:
		lost = w.refused(p, purpose, "email")
	}
	return lost + " lost " + was
}

// fits says whether a condition is true of a contact or of somebody who was merged into it.
func (w *world) fits(p *person, c Condition) bool {
	return slices.ContainsFunc(w.contacts, func(o *person) bool {
		if o.id != p.id && o.mergedInto != p.id {
			return false
		}
		return slices.ContainsFunc(append(slices.Clone(c.Values), ""), func(value string) bool {
			switch c.Kind {
			case Everyone:
				return true
			case "third":
				return o.id%3 == 0
			case Group:
				return slices.Contains(o.groups, value)
			case Locality:
				return slices.Contains(o.localities, value) || value == NoLocality && len(o.localities) == 0
			case Asked:
				mail, _ := w.current(o.id, value, "email")
				paper, _ := w.current(o.id, value, "post")
				return mail.entry == "given" && mail.basis == "consent" || paper.entry == "given" && paper.basis == "consent"
			}
			return false
		})
	})
}

func (w *world) wanted(p *person, r Rule) bool {
	fits := func(c Condition) bool { return w.fits(p, c) }
	fails := func(c Condition) bool { return !w.fits(p, c) }
	return !r.Empty() && (len(r.Any) == 0 || slices.ContainsFunc(r.Any, fits)) && !slices.ContainsFunc(r.All, fails) && !slices.ContainsFunc(r.None, fits)
}

func (w *world) expected(r Rule, purpose string) map[int64]string {
	out := map[int64]string{}
	for _, p := range w.contacts {
		if p.mergedInto == 0 && w.wanted(p, r) {
			out[p.id] = w.outcome(p, purpose)
		}
	}
	return out
}

func anyRule() *rapid.Generator[Rule] {
	condition := rapid.Custom(func(t *rapid.T) Condition {
		c := Condition{Kind: rapid.SampledFrom([]string{Everyone, "third", Group, Group, Locality, Locality, Asked}).Draw(t, "kind")}
		from := map[string][]string{Group: groupSlugs, Locality: append(slices.Clone(localitySlugs), NoLocality), Asked: purposes}[c.Kind]
		if len(from) > 0 {
			c.Values = rapid.SliceOfNDistinct(rapid.SampledFrom(from), 1, len(from), rapid.ID).Draw(t, "values")
		}
		return c
	})
	return rapid.Custom(func(t *rapid.T) Rule {
		r := Rule{Any: rapid.SliceOfN(condition, 0, 3).Draw(t, "any"), All: rapid.SliceOfN(condition, 0, 2).Draw(t, "all"), None: rapid.SliceOfN(condition, 0, 2).Draw(t, "none")}
		if r.Empty() {
			r.Any = []Condition{{Kind: Everyone}}
		}
		return r
	})
}

// Whatever the contacts, the ledger and the rule: the list holds exactly those whom a plain reading of the rules gives,
// each with what becomes of them, and nobody is written to without a basis.
func TestAListIsWhatAPlainReadingOfTheRulesGives(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		w := newWorld(t, address, 4)
		w.populate(160)
		seen := map[string]int{}
		rapid.Check(t, func(t *rapid.T) {
			r, purpose := anyRule().Draw(t, "rule"), rapid.SampledFrom(purposes).Draw(t, "purpose")
			got, want := w.rows(w.make(r, purpose)), w.expected(r, purpose)
			if !maps.Equal(got, want) {
				t.Fatalf("rule %s for %s\n%v", r.JSON(), purpose, differences(got, want))
			}
			for _, outcome := range got {
				seen[outcome]++
			}
		})
		for _, outcome := range []string{"email", "post", "left-out never-asked", "left-out withdrawn", "left-out objected", "left-out bounced", "left-out complained",
			"left-out asked", "left-out no-address", "left-out prefers-telephone", "left-out taken-back"} {
			if seen[outcome] == 0 {
				t.Errorf("no contact of the test came out as %q", outcome)
			}
		}
	})
}

// Before a list is used, who has lost the basis since is taken off it, with the reason, and nobody is added.
func TestWhoLostTheBasisSinceIsTakenOffAndNobodyIsAdded(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		w := newWorld(t, address, 7)
		w.populate(160)
		l := w.make(Rule{Any: []Condition{{Kind: Everyone}}}, "updates")
		want := w.rows(l)
		for range 300 {
			w.noteAnything()
		}
		w.add(person{email: "new@contacts.example"})
		w.note(entry{contact: int64(len(w.contacts)), entry: "given", basis: "consent"})
		w.unsettle(want)
		lost := 0
		for id, was := range want {
			if was == "email" || was == "post" {
				want[id] = w.still(w.contacts[id-1], "updates", was)
				if want[id] != was {
					lost++
				}
			}
		}
		handed := w.takeAll(l, 7)
		got := w.rows(l)
		if !maps.Equal(got, want) || lost < 10 {
			t.Fatalf("%d lost: %v", lost, differences(got, want))
		}
		for id, outcome := range got {
			if (outcome == "email") != (handed[id] == 1) || handed[id] > 1 {
				t.Errorf("contact %d is %q and was handed on %d times", id, outcome, handed[id])
			}
		}
		if intact, err := w.service.Intact(w.ctx, l); err != nil || !intact {
			t.Errorf("the list is not taken for the one that was frozen: %v", err)
		}
	})
}

// unsettle loses addresses and merges contacts of some who are on the list.
func (w *world) unsettle(on map[int64]string) {
	done := map[string]int{}
	for id := int64(1); id <= int64(len(on)); id++ {
		p := w.contacts[id-1]
		switch {
		case on[id] == "email" && done["merge"] < 3:
			done["merge"]++
			p.mergedInto = int64(len(w.contacts))
			w.write(func(tx *database.Tx) error {
				return tx.Exec(`UPDATE contacts SET merged_into = ? WHERE id = ?`, p.mergedInto, id).Error
			})
		case on[id] == "email" && done["blank"] < 3:
			done["blank"]++
			p.email, p.key = "", ""
			w.write(func(tx *database.Tx) error {
				return tx.Exec(`UPDATE contacts SET email = '', email_key = '', suppression_key = '' WHERE id = ?`, id).Error
			})
		case on[id] == "email" && done["bounce"] < 3:
			done["bounce"]++
			p.suppressed = "bounced"
			w.write(func(tx *database.Tx) error {
				return tx.Exec(`INSERT INTO suppressions (hash, reason, at) VALUES (?, 'bounced', ?)`, "hash of "+p.key, start).Error
			})
		case on[id] == "post" && done["moved"] < 3:
			done["moved"]++
			p.post = ""
			w.write(func(tx *database.Tx) error {
				return tx.Exec(`UPDATE contacts SET post_address = '' WHERE id = ?`, id).Error
			})
		}
	}
}

// takeAll hands on the whole list, n people at a time, and counts how often each was.
func (w *world) takeAll(l List, n int) map[int64]int {
	w.t.Helper()
	handed := map[int64]int{}
	for more := true; more; {
		var taken []Recipient
		w.write(func(tx *database.Tx) (err error) {
			taken, more, err = w.service.Take(w.ctx, tx, l.ID, n)
			return err
		})
		for _, r := range taken {
			handed[r.ContactID]++
			if r.Address == "" {
				w.t.Errorf("contact %d was handed on without an address", r.ContactID)
			}
		}
	}
	return handed
}

func differences(got, want map[int64]string) (out [][3]any) {
	for id := range want {
		if got[id] != want[id] {
			out = append(out, [3]any{id, "got " + got[id], "want " + want[id]})
		}
	}
	for id := range got {
		if _, there := want[id]; !there {
			out = append(out, [3]any{id, "got " + got[id], "want nothing"})
		}
	}
	return out
}
