package contacts

import (
	"cmp"
	"slices"
	"time"
)

// derived is how somebody with these entries stands, for each purpose and channel: what the view current_consents gives
// of one contact, for ledgers that are not one contact's yet.
func derived(ledger []ConsentEntry) (list []Standing) {
	annulled := map[int64]bool{}
	for _, e := range ledger {
		if e.Annuls != nil {
			annulled[*e.Annuls] = true
		}
	}
	type matter struct {
		purpose string
		by      Channel
	}
	last := map[matter]ConsentEntry{}
	for _, e := range ledger {
		m := matter{e.Purpose, e.Channel}
		if before, there := last[m]; e.Entry != Annulled && !annulled[e.ID] && (!there || e.counts(before) > 0) {
			last[m] = e
		}
	}
	for _, e := range last {
		list = append(list, Standing{ContactID: e.ContactID, Purpose: e.Purpose, Channel: e.Channel, Entry: e.Entry, Basis: e.Basis, At: e.At, ConsentID: e.ID})
	}
	slices.SortFunc(list, func(a, b Standing) int {
		return cmp.Or(cmp.Compare(a.Purpose, b.Purpose), cmp.Compare(a.Channel, b.Channel))
	})
	return list
}

// since is the instant from which an entry counts.
func (e ConsentEntry) since() time.Time {
	if e.Entry == Objected {
		return e.RecordedAt
	}
	return e.At
}

// counts compares two entries about one matter: more than 0 where e counts after o.
func (e ConsentEntry) counts(o ConsentEntry) int {
	rank := func(entry Entry) int {
		if entry == Given {
			return 0
		}
		return 1
	}
	return cmp.Or(e.since().Compare(o.since()), cmp.Compare(rank(e.Entry), rank(o.Entry)), cmp.Compare(e.ID, o.ID))
}
