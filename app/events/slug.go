package events

import (
	"strconv"
	"strings"

	"conversations/app/database"
	"conversations/app/fault"
	"conversations/app/links"
)

const maxSlugBytes = 80

// slugOf makes the last part of the event's address of its title, its locality and its date.
func slugOf(e Event) string {
	words := links.Words(e.Title)
	if !strings.Contains(words, e.Locality) {
		words += "-" + e.Locality
	}
	words = strings.Trim(words, "-")
	if day, _ := splitLocal(e.StartsLocal); day != "" {
		return cut(words, maxSlugBytes-len(day)-4) + "-" + day
	}
	return cut(words, maxSlugBytes-3)
}

func cut(slug string, limit int) string {
	if len(slug) <= limit {
		return slug
	}
	slug = slug[:limit]
	if i := strings.LastIndexByte(slug, '-'); i > limit/2 {
		slug = slug[:i]
	}
	return strings.Trim(slug, "-")
}

// freeSlug gives the event an address of its own. One that was typed is kept or refused; one that was made gets
// a number where it is taken.
func freeSlug(tx *database.Tx, e *Event) error {
	if e.Slug != "" {
		taken, err := slugTaken(tx, e.Slug, e.ID)
		if err == nil && taken {
			return slugIsTaken()
		}
		return err
	}
	base := slugOf(*e)
	e.Slug = base
	for n := 2; ; n++ {
		taken, err := slugTaken(tx, e.Slug, e.ID)
		if err != nil || !taken {
			return err
		}
		e.Slug = base + "-" + strconv.Itoa(n)
	}
}

func slugTaken(tx *database.Tx, slug string, except int64) (taken bool, err error) {
	err = tx.Row("SELECT COUNT(*) > 0 FROM events WHERE slug = ? AND id <> ?", slug, except).Scan(&taken)
	return taken, err
}

func slugIsTaken() error {
	fields := fault.Fields{}
	fields.Add("slug", "Another event has this web address. Choose another")
	return fields.Err()
}
