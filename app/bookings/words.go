package bookings

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"conversations/app/contacts"
	"conversations/app/database"
	"conversations/app/jobs"
)

// How a word of the table booking_words begins, where it is not a word of a name.
const (
	soundMark   = "~" // how a name sounds
	emailMark   = "@"
	phoneMark   = "#" // without the country's code where it is ours
	phoneEnding = "%" // from its end, for who remembers the last figures
)

// wordsOf lists the words by which a party is found: by its booker and by everybody who comes along.
func wordsOf(b party) (words []string) {
	names := strings.Fields(b.NameKey)
	for _, a := range b.attendees {
		names = append(names, strings.Fields(contacts.NameKey(a.Name))...)
	}
	for _, name := range names {
		words = append(words, name)
		if s := sound(name); s != "" {
			words = append(words, soundMark+s)
		}
	}
	if b.EmailKey != "" {
		words = append(words, emailMark+b.EmailKey)
	}
	if b.PhoneKey != "" {
		words = append(words, phoneMark+strings.TrimPrefix(strings.TrimPrefix(b.PhoneKey, "+44"), "+"), phoneEnding+reversed(strings.TrimPrefix(b.PhoneKey, "+")))
	}
	slices.Sort(words)
	return slices.Compact(words)
}

// insertWords makes a new booking findable.
func insertWords(tx *database.Tx, b party) error {
	words := wordsOf(b)
	if len(words) == 0 {
		return nil
	}
	args := make([]any, 0, 2*len(words))
	for _, word := range words {
		args = append(args, word, b.ID)
	}
	values := strings.TrimSuffix(strings.Repeat("(?, ?), ", len(words)), ", ")
	if err := tx.Exec(`INSERT INTO booking_words (word, booking_id) VALUES `+values+` ON CONFLICT DO NOTHING`, args...).Error; err != nil {
		return fmt.Errorf("store the words of booking %d: %w", b.ID, err)
	}
	return nil
}

// replaceWords makes a changed booking findable by what it holds now, and by nothing else.
func replaceWords(tx *database.Tx, b party) error {
	if err := tx.Exec(`DELETE FROM booking_words WHERE booking_id = ?`, b.ID).Error; err != nil {
		return fmt.Errorf("drop the words of booking %d: %w", b.ID, err)
	}
	return insertWords(tx, b)
}

const (
	wordsChunk = 200 // bookings made findable in one transaction
	wordsEvery = 6 * time.Hour
)

// WordsJob makes bookings findable that came from before there was a search, or from outside the program.
func (s *Service) WordsJob() jobs.Job {
	return jobs.Job{Name: "booking-words", Every: wordsEvery, Run: s.FindWords}
}

// FindWords makes every booking findable that is not yet.
func (s *Service) FindWords(ctx context.Context) error {
	for after := int64(0); ; {
		var found []Booking
		err := s.db.Read(ctx).Raw(`SELECT id, name_key, email_key, phone_key FROM bookings b WHERE id > ? AND name_key <> ''
			AND NOT EXISTS (SELECT 1 FROM booking_words w WHERE w.booking_id = b.id) ORDER BY id LIMIT ?`, after, wordsChunk).Scan(&found).Error
		if err != nil || len(found) == 0 {
			return err
		}
		if err := s.findable(ctx, found); err != nil {
			return fmt.Errorf("make bookings findable: %w", err)
		}
		after = found[len(found)-1].ID
	}
}

// findable stores the words of bookings that had none. One that was changed meanwhile has its words by now.
func (s *Service) findable(ctx context.Context, list []Booking) error {
	ids := make([]int64, len(list))
	for i, b := range list {
		ids[i] = b.ID
	}
	names, err := s.namesOf(ctx, ids)
	if err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *database.Tx) error {
		for _, b := range list {
			whole := party{Booking: b}
			for _, name := range names[b.ID] {
				whole.attendees = append(whole.attendees, Attendee{Name: name})
			}
			if err := insertWords(tx, whole); err != nil {
				return err
			}
		}
		return nil
	})
}

func reversed(text string) string {
	letters := []rune(text)
	slices.Reverse(letters)
	return string(letters)
}
