package contacts

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"conversations/app/accounts"
	"conversations/app/audit"
	"conversations/app/database"
	"conversations/app/fault"
)

// sourceNoteLetters bounds what is noted about where an entry came from.
const sourceNoteLetters = 300

// RecordForm is what somebody told staff about one purpose, as staff type it.
type RecordForm struct {
	Purpose string `form:"purpose"`
	Channel string `form:"channel"` // "all" with a no
	Entry   string `form:"entry"`   // given, withdrawn, objected
	Basis   string `form:"basis"`   // of what is given
	Day     string `form:"day"`
	Month   string `form:"month"`
	Year    string `form:"year"`
	Source  string `form:"source"`
	Note    string `form:"note"`
}

// everyChannel is the Channel of a RecordForm that ends all.
const everyChannel = "all"

// RecordSaid notes in the ledger what a contact told staff by telephone, by letter, by email or in person, and returns how
// the contact stands afterwards with that purpose. What is said today counts from now, what was said on an earlier day from that
// day: see ReadWhen. The error is an Invalid fault with its fields, or NotFound.
func (s *Service) RecordSaid(ctx context.Context, id int64, f RecordForm) (stands []Standing, err error) {
	if err := accounts.Require(ctx, accounts.ManageContacts); err != nil {
		return nil, err
	}
	said, err := f.check(s)
	if err != nil {
		return nil, err
	}
	err = s.db.Write(ctx, func(tx *database.Tx) error {
		entry := Entry(f.Entry)
		if entry == Given {
			_, err = s.GiveTx(ctx, tx, id, said)
		} else {
			err = s.end(ctx, tx, id, entry, said)
		}
		if err != nil {
			return err
		}
		c, err := lockContact(tx, id)
		if err != nil {
			return err
		}
		if err := tx.Raw(`SELECT * FROM current_consents WHERE contact_id = ? AND purpose = ? ORDER BY channel`, c.ID, said.Purpose).Scan(&stands).Error; err != nil {
			return fmt.Errorf("derive how contact %d stands: %w", c.ID, err)
		}
		return audit.Record(ctx, tx, "contact.record", "contacts", c.ID, audit.Details{"entry": f.Entry, "purpose": said.Purpose, "channel": f.Channel})
	})
	return stands, err
}

func (f RecordForm) check(s *Service) (Said, error) {
	var problems fault.Fields
	said := Said{Purpose: f.Purpose, Channel: Channel(f.Channel), Source: Source(f.Source), Note: Tidy(f.Note)}
	if _, known := s.purpose(f.Purpose); !known {
		problems.Add("purpose", "Choose what it is about")
	}
	entry := Entry(f.Entry)
	if !slices.Contains([]Entry{Given, Withdrawn, Objected}, entry) {
		problems.Add("entry", "Choose what they said")
	}
	if said.Basis = Basis(f.Basis); entry == Given && !slices.Contains([]Basis{Consent, PublicTask, LegitimateInterest}, said.Basis) {
		problems.Add("basis", "Choose why we may write")
	}
	switch {
	case f.Channel == everyChannel && entry != Given:
		said.Channel = ""
	case f.Channel == everyChannel:
		problems.Add("channel", "A yes is for one channel. Record one for each")
	case !slices.Contains(Channels(), said.Channel):
		problems.Add("channel", "Choose by which channel")
	}
	said.At = f.checkDay(s, entry, &problems)
	switch {
	case !slices.Contains(staffSources(), said.Source):
		problems.Add("source", "Choose how we know")
	case said.Source == FromRecords && (entry != Given || said.Basis == Consent):
		problems.Add("source", "What somebody said is not in a public list. Choose how they told us")
	}
	limited(&problems, "note", "Where it came from", said.Note, sourceNoteLetters)
	return said, problems.Err()
}

// checkDay reads the day on which they said it; the zero time for today, which is now.
func (f RecordForm) checkDay(s *Service, entry Entry, problems *fault.Fields) time.Time {
	now := s.db.Now().In(s.cfg.Zone())
	year, errYear := strconv.Atoi(strings.TrimSpace(f.Year))
	month, errMonth := strconv.Atoi(strings.TrimSpace(f.Month))
	number, errDay := strconv.Atoi(strings.TrimSpace(f.Day))
	day := time.Date(year, time.Month(month), number, 0, 0, 0, 0, s.cfg.Zone())
	switch {
	case errYear != nil || errMonth != nil || errDay != nil || day.Day() != number || int(day.Month()) != month || year < 1900:
		problems.Add("day", "Enter the day on which they said it, such as 31 1 2017")
	case day.After(now):
		problems.Add("day", "The day must not be in the future")
	case day.Format(time.DateOnly) != now.Format(time.DateOnly):
		return ofDay(day, entry, now)
	}
	return time.Time{}
}

// TakeBack annuls an entry that staff recorded by mistake. The error is Invalid where no reason is given, Conflict where
// the entry is not staff's own to take back, or NotFound.
func (s *Service) TakeBack(ctx context.Context, id, entryID int64, reason string) error {
	if err := accounts.Require(ctx, accounts.ManageContacts); err != nil {
		return err
	}
	reason = Tidy(reason)
	if err := checkReason(reason); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *database.Tx) error {
		if _, err := lockContact(tx, id); err != nil {
			return err
		}
		e, err := entryOf(tx.DB, id, entryID)
		if err != nil {
			return err
		}
		if !e.staffsOwn() {
			return fault.New(fault.Conflict, "Only what staff recorded can be taken back. If they have changed their mind, record what they say now")
		}
		if err := s.AnnulTx(ctx, tx, entryID, FromUndo, reason); err != nil {
			return err
		}
		return audit.Record(ctx, tx, "contact.take_back", "consents", entryID, audit.Details{"contact": id})
	})
}

// Entry gives one entry of a contact's ledger, or a NotFound fault.
func (s *Service) Entry(ctx context.Context, id, entryID int64) (e ConsentEntry, err error) {
	if err := accounts.Require(ctx, accounts.ManageContacts); err != nil {
		return e, err
	}
	return entryOf(s.db.Read(ctx), id, entryID)
}

// staffsOwn says whether staff typed the entry: what people did themselves, and what a list said, is not for them to take back.
func (e ConsentEntry) staffsOwn() bool {
	return e.Entry != Annulled && slices.Contains(staffSources(), e.Source)
}

func checkReason(reason string) error {
	var problems fault.Fields
	if reason == "" {
		problems.Add("reason", "Enter why")
	}
	limited(&problems, "reason", "The reason", reason, sourceNoteLetters)
	return problems.Err()
}
