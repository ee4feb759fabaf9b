package newsletters

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"conversations/app/database"
	"conversations/app/links"
)

const maxSlugBytes = 80

// freeSlug makes the last part of an update's address of its title; a number tells it from others of the same title.
func freeSlug(tx *database.Tx, title string, id int64) (string, error) {
	base := slugged(title)
	slug := base
	for n := 2; ; n++ {
		var taken bool
		if err := tx.Row(`SELECT COUNT(*) > 0 FROM updates WHERE slug = ? AND id <> ?`, slug, id).Scan(&taken); err != nil {
			return "", fmt.Errorf("find a free address for an update: %w", err)
		}
		if !taken && slug != "pictures" { // whose addresses stand beside those of updates
			return slug, nil
		}
		slug = base + "-" + strconv.Itoa(n)
	}
}

func slugged(title string) string {
	slug := links.Words(title)
	if len(slug) > maxSlugBytes {
		slug = strings.Trim(slug[:maxSlugBytes], "-")
	}
	if slug == "" {
		return "update"
	}
	return slug
}

var monthOfTitle = regexp.MustCompile(`\b(January|February|March|April|May|June|July|August|September|October|November|December) (20\d\d)\b`)

// renamed gives a copied letter its own title, and the present month where the title and the opening named an earlier
// one.
func (c Content) renamed(title string, now time.Time) Content {
	month := now.Format("January 2006")
	earlier := monthOfTitle.FindString(c.Title)
	if title == "" {
		title = monthOfTitle.ReplaceAllLiteralString(c.Title, month)
	}
	c.Title = title
	if earlier != "" {
		c.Opening = strings.ReplaceAll(c.Opening, earlier, month)
	}
	return c
}
