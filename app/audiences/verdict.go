package audiences

import "strings"

// Outcome is what becomes of a contact who is wanted.
type Outcome string

// The outcomes.
const (
	ByEmail Outcome = "email"
	ByPost  Outcome = "post"
	LeftOut Outcome = "left-out"
)

// Reason is why somebody is left out.
type Reason string

// The reasons.
const (
	NeverAsked       Reason = "never-asked" // nothing was ever noted for the purpose and the channel
	TakenBack        Reason = "taken-back"  // what was noted was noted wrongly, and was taken back
	Withdrew         Reason = "withdrawn"
	Objected         Reason = "objected"
	AddressFails     Reason = "bounced"    // mails to the address come back
	Complained       Reason = "complained" // a mail was reported as unwanted
	AddressOff       Reason = "asked"      // the owner of the address asked for no letters
	NoAddress        Reason = "no-address"
	PrefersTelephone Reason = "prefers-telephone"
	Merged           Reason = "merged" // into another contact
)

// Reasons are all of them, in the order in which they are told.
func Reasons() []Reason {
	return []Reason{NeverAsked, Withdrew, Objected, AddressFails, Complained, AddressOff, NoAddress, PrefersTelephone, TakenBack, Merged}
}

// Words is the reason as staff read it.
func (r Reason) Words() string {
	switch r {
	case NeverAsked:
		return "They have not said that we may write to them about this"
	case TakenBack:
		return "What was noted about writing to them was wrong and was taken back"
	case Withdrew:
		return "They stopped these letters"
	case Objected:
		return "They object to these letters"
	case AddressFails:
		return "Their email address does not work"
	case Complained:
		return "They reported a letter as unwanted"
	case AddressOff:
		return "The owner of the email address asked for no letters"
	case NoAddress:
		return "We have no email and no postal address"
	case PrefersTelephone:
		return "They prefer the telephone"
	case Merged:
		return "They are merged into another contact"
	}
	return string(r)
}

// facts are what decides about a contact k, for one purpose: factArgs are its arguments.
const facts = `k.id, k.channel, k.merged_into, k.email_key <> '' AS has_email, k.post_address <> '' AS has_post, CAST(? AS TEXT) AS purpose,
	(SELECT cc.entry FROM current_consents cc WHERE cc.contact_id = k.id AND cc.purpose = ? AND cc.channel = 'email') AS email_entry,
	(SELECT cc.entry FROM current_consents cc WHERE cc.contact_id = k.id AND cc.purpose = ? AND cc.channel = 'post') AS post_entry,
	(SELECT x.reason FROM suppressions x WHERE k.suppression_key <> '' AND x.hash = k.suppression_key) AS suppressed`

func factArgs(purpose string) []any { return []any{purpose, purpose, purpose} }

// verdict decides over facts f: email, post, or the reason for leaving out. Who prefers post gets post where we may
// and can; else email, if they let us. Who prefers the telephone is not written to.
var verdict = `CASE
	WHEN f.channel = 'telephone' THEN 'prefers-telephone'
	WHEN f.channel = 'post' AND f.has_post AND f.post_entry = 'given' THEN 'post'
	WHEN f.has_email AND f.email_entry = 'given' AND f.suppressed IS NULL THEN 'email'
	WHEN NOT f.has_email AND f.has_post AND f.post_entry = 'given' THEN 'post'
	WHEN NOT f.has_email AND NOT f.has_post THEN 'no-address'
	WHEN NOT f.has_email OR f.channel = 'post' AND f.has_post THEN ` + refusal("post") + `
	WHEN f.email_entry = 'given' THEN f.suppressed
	ELSE ` + refusal("email") + ` END`

// lost decides over facts f and the outcome that a contact had: why it does not hold any more; NULL where it does.
var lost = `CASE
	WHEN f.merged_into IS NOT NULL THEN 'merged'
	WHEN f.outcome = 'post' AND NOT f.has_post OR f.outcome = 'email' AND NOT f.has_email THEN 'no-address'
	WHEN f.outcome = 'post' AND f.post_entry = 'given' THEN NULL
	WHEN f.outcome = 'post' THEN ` + refusal("post") + `
	WHEN f.email_entry = 'given' THEN f.suppressed
	ELSE ` + refusal("email") + ` END`

// refusal is why there is no basis for a channel, by what was noted last.
func refusal(channel string) string {
	return strings.ReplaceAll(`CASE WHEN f.CHANNEL_entry IS NOT NULL THEN f.CHANNEL_entry
		WHEN EXISTS (SELECT 1 FROM consents x WHERE x.contact_id = f.id AND x.purpose = f.purpose AND x.channel = 'CHANNEL') THEN 'taken-back'
		ELSE 'never-asked' END`, "CHANNEL", channel)
}
