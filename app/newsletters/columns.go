package newsletters

import "conversations/app/database"

// Columns declares what the tables of newsletters hold: nothing about the people who are written to.
func Columns() []database.Table {
	return []database.Table{
		{Name: "updates", What: "A stakeholder update, news, statement or press release", Columns: database.Plain("id", "slug", "kind", "title", "state", "version",
			"text_id", "rule", "purpose", "list_id", "mailing_id", "corrects", "asked_by", "asked_at", "approved_by", "approved_at", "approved_digest",
			"send_at", "hold_until", "released_at", "back_why", "back_reason", "back_by", "back_at", "published_at", "created_by", "created_at", "updated_at")},
		{Name: "update_texts", What: "A text of one, every one kept", Columns: database.Plain("id", "update_id", "based_on", "aside", "content", "made", "settled_at", "staff_id", "created_at", "updated_at")},
		{Name: "update_pictures", What: "A picture in one", Columns: database.Plain("id", "update_id", "code", "name", "content_type", "width", "height", "data", "created_at")},
	}
}
