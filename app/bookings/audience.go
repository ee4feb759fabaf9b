package bookings

// WhoBooked is an SQL condition that is true of an email address, in the form in which it is kept for searching, from
// which somebody booked one of the events and did not cancel. emailKey is SQL for that address; the condition's one
// argument is a list of the events' slugs.
func WhoBooked(emailKey string) string {
	return `(` + emailKey + ` <> '' AND ` + emailKey + ` IN (SELECT b.email_key FROM bookings b JOIN events e ON e.id = b.event_id
		WHERE e.slug IN ? AND b.status <> 'cancelled'))`
}

// WhoCame is WhoBooked for those of whose party somebody came, by the last word on each person at the door.
func WhoCame(emailKey string) string {
	return `(` + emailKey + ` <> '' AND ` + emailKey + ` IN (SELECT b.email_key FROM bookings b JOIN events e ON e.id = b.event_id
		JOIN attendance_events a ON a.booking_id = b.id AND a.event_id = e.id
		WHERE e.slug IN ? AND ` + lastCame + `))`
}

// SomebodyCame is an SQL condition that is true of a row of bookings, which the query calls booking, of whose party somebody came.
func SomebodyCame(booking string) string {
	return `EXISTS (SELECT 1 FROM attendance_events a WHERE a.booking_id = ` + booking + `.id AND a.event_id = ` + booking + `.event_id AND ` + lastCame + `)`
}

// lastCame is true of an entry a that says that somebody came and is the last word on that person.
var lastCame = `a.kind = 'came' AND ` + stands("a") + ` AND NOT EXISTS (SELECT 1 FROM attendance_events l
	WHERE l.booking_id = a.booking_id AND l.position = a.position AND l.kind IN ('came', 'not-came')
		AND (l.at > a.at OR l.at = a.at AND l.id > a.id) AND ` + stands("l") + `)`

// stands is true of an entry that nobody took back.
func stands(entry string) string {
	return `NOT EXISTS (SELECT 1 FROM attendance_events u WHERE u.event_id = ` + entry + `.event_id AND u.kind = 'undo' AND u.undoes = ` + entry + `.client_id)`
}
