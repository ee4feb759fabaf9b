package surveys

import (
	"slices"

	"conversations/app/database"
)

// Columns declares what the tables of surveys hold about people.
func Columns() []database.Table {
	seen := []string{"admin", "engagement"}
	answer := database.Personal{
		What: "What you answered in a survey", Purpose: "to learn what people think and need, and to show what came of it",
		Basis: database.PublicTask, Keep: "surveys", Seen: seen, Export: "survey answers", Erase: database.EraseRow,
	}
	written := answer
	written.What, written.Export = "What you wrote in a survey", "survey words"
	respondent := database.Personal{
		What: "Your name, email address and telephone number, if you let us get in touch about your answers", Purpose: "to get in touch with you",
		Basis: database.Consent, Keep: "surveys", Seen: seen, Export: "survey contact", Erase: database.EraseRow,
	}
	key := respondent
	key.What, key.Purpose = "Your email address and telephone number in a form for searching", "to find your answers when you ask for them"
	key.Export, key.Withheld = "", "the same facts, written for searching"
	line := answer
	line.What, line.Purpose, line.Export, line.Withheld = "Your answers on one line", "to count answers", "", "the same answers, written for counting"
	closed := func(survey string) string {
		return "(SELECT coalesce(s.closed_at, s.closes_at) FROM surveys s WHERE s.id = " + survey + ")"
	}
	after := "after the survey closed"
	typing := answer
	typing.What, typing.Export, typing.Withheld = "How your answers on paper, or from elsewhere, were typed in", "", "the same answers, as they were typed in"
	uploaded := typing // and not taken: what is taken is a response
	uploaded.What, uploaded.Keep = "Your answers in a file that was sent here and not brought in", "imports"
	const ofResponse = "(SELECT coalesce(s.closed_at, s.closes_at) FROM surveys s JOIN survey_responses r ON r.survey_id = s.id WHERE r.id = response_id)"
	return []database.Table{
		{Name: "surveys", What: "A survey", Columns: database.Plain("id", "slug", "state", "anonymous", "event_id", "languages", "texts", "opens_local", "closes_local",
			"zone", "opens_at", "closes_at", "contact_form", "public_results", "version", "copied_from", "created_by", "created_at", "updated_at", "opened_at", "closed_at")},
		{Name: "survey_sections", What: "A page of a survey", Columns: database.Plain("id", "survey_id", "position", "texts", "if_question", "if_choice", "if_not", "retired_at", "version")},
		{Name: "survey_questions", What: "A question", Columns: database.Plain("id", "survey_id", "section_id", "position", "number", "kind", "topic", "required", "settings",
			"texts", "wording", "locked", "retired_at", "created_at", "updated_at")},
		{Name: "survey_choices", What: "An option of a question", Columns: database.Plain("id", "question_id", "part", "position", "code", "special", "texts", "retired_at")},
		{Name: "survey_wordings", What: "The words of a question as they were", Columns: database.Plain("id", "question_id", "wording", "texts", "changed_by", "changed_at")},
		{Name: "survey_invitations", What: "An invitation to a survey", Person: "contact_id -> contacts, booking_id -> bookings", Since: closed("survey_id"), After: after, Columns: slices.Concat(
			database.Plain("id", "survey_id", "contact_id", "booking_id", "sending_id", "invited_at", "reminded_at", "created_at"), answer.Each("used"))},
		{Name: "survey_sendings", What: "Invitations or reminders that staff sent", Columns: database.Plain("id", "survey_id", "kind", "state", "purpose", "rule", "list_id", "subject",
			"body", "hold_until", "mailing_id", "people", "why", "version", "created_by", "created_at", "sent_at")},
		{Name: "survey_batches", What: "A pile of paper forms", Columns: database.Plain("id", "survey_id", "name", "channel", "event_id", "locality", "received_on", "forms",
			"share", "set_aside", "created_by", "created_at", "closed_at")},
		{Name: "survey_respondents", What: "Somebody who let us get in touch about a survey", Person: "email_key, phone_key", Since: closed("survey_id"), After: after, Columns: slices.Concat(
			database.Plain("id", "survey_id", "response_id", "wording"), respondent.Each("name", "email", "phone"), key.Each("email_key", "phone_key"))},
		{Name: "survey_responses", What: "What somebody answered", Person: "invitation_id -> survey_invitations", Since: closed("survey_id"), After: after, Columns: slices.Concat(
			database.Plain("id", "survey_id", "state", "channel", "language", "event_id", "invitation_id", "batch_id", "second_of", "outside_id", "section", "entered_by",
				"set_aside", "started_at", "submitted_at"), answer.Each("locality"), line.Each("chosen"))},
		{Name: "survey_answers", What: "One answer", Person: "response_id -> survey_responses",
			Since: "(SELECT coalesce(s.closed_at, s.closes_at) FROM surveys s JOIN survey_responses r ON r.survey_id = s.id WHERE r.id = response_id)", After: after, Columns: slices.Concat(
				database.Plain("response_id", "question_id", "wording"), answer.Each("row_id", "choice_id", "number", "unreadable"), written.Each("text"))},
		{Name: "survey_checks", What: "A paper form that was typed in twice", Person: "response_id -> survey_responses", Since: ofResponse, After: after, Columns: slices.Concat(
			database.Plain("response_id", "batch_id"), typing.Each("compared"))},
		{Name: "survey_differences", What: "A place where what was typed in twice differs", Person: "response_id -> survey_responses", Since: ofResponse, After: after, Columns: slices.Concat(
			database.Plain("response_id", "question_id", "row_id", "settled", "settled_by"), typing.Each("first_entry", "second_entry"))},
		{Name: "survey_imports", What: "A file with answers from elsewhere", Columns: database.Plain("id", "survey_id", "batch_id", "file_name", "settings", "made_by", "made_at", "done_at")},
		{Name: "survey_import_rows", What: "A row of such a file, until it is taken", Person: "response_id -> survey_responses",
			Since: "(SELECT i.made_at FROM survey_imports i WHERE i.id = import_id)", After: "after the file was read", Columns: slices.Concat(
				database.Plain("id", "import_id", "line", "response_id"), uploaded.Each("cells", "trouble"))},
		{Name: "survey_columns", What: "A column of an export", Columns: database.Plain("survey_id", "name", "position")},
		{Name: "survey_releases", What: "Results that were published", Columns: database.Plain("id", "survey_id", "tables", "digest", "released_by", "released_at")},
	}
}
