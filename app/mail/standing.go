package mail

import (
	"regexp"
	"strings"
	"time"
)

// streakLength is how many refusals in the same words, one after the other with no mail accepted between them, raise
// the suspicion that they are about us.
const streakLength = 10

// standing is how we stand with the mail server as regards letters to many: what is about us and what about a
// recipient. It is used in a pass alone, save for trouble.
type standing struct {
	trouble trouble
	strikes int    // times in a row that a connection failed, with no mail accepted between them
	held    []fate // refusals in the same words that are not believed yet
	suspect string // the words, without what differs between recipients, for which sending was paused
}

// accepted: the server took a mail, so what it refused before was about the recipients. It returns those refusals.
func (s *standing) accepted() (believed []fate, cleared bool) {
	s.strikes, s.suspect = 0, ""
	return s.release(), s.trouble.clear()
}

// answered: the server said something else about a mail, so that a streak is over.
func (s *standing) answered() (believed []fate) {
	s.strikes = 0
	return s.release()
}

// release gives the refusals that were held.
func (s *standing) release() (held []fate) {
	held, s.held = s.held, nil
	return held
}

// refused takes a refusal. It returns those that are to be believed, or says that all that are held are about us.
func (s *standing) refused(r fate) (believed []fate, aboutUs bool) {
	s.strikes = 0
	words := common(r)
	if len(s.held) > 0 && common(s.held[0]) != words {
		believed = s.release()
	}
	s.held = append(s.held, r)
	if words == s.suspect || len(s.held) >= streakLength && s.suspicious() {
		s.suspect = words
		return believed, true
	}
	if len(s.held) >= streakLength { // one domain says the same of each of its mailboxes: that may well be
		believed, s.held = append(believed, s.held[0]), s.held[1:]
	}
	return believed, false
}

// suspicious says whether a streak cannot well be about the recipients: they have little in common, or the server
// speaks of policy.
func (s *standing) suspicious() bool {
	domains := map[string]bool{}
	for _, r := range s.held {
		domains[domainOf(r.address)] = true
	}
	return len(domains) > 2 || strings.HasPrefix(enhanced(s.held[0].words), "5.7.")
}

// stuck takes a failure of a connection, one of so many, and says whether sending must pause.
func (s *standing) stuck(connections int) bool {
	s.strikes++
	return s.strikes >= max(connections, strikesAtMost)
}

// pause has sending rest for a while.
func (s *standing) pause(words string, now time.Time) (fresh bool) {
	s.strikes = 0
	return s.trouble.note(words, now)
}

var (
	codeForm    = regexp.MustCompile(`^5\d\d[ -](5\.\d{1,3}\.\d{1,3})\b`)
	numbersForm = regexp.MustCompile(`[0-9a-f]*[0-9][0-9a-f]*`)
)

// enhanced is the enhanced status code (RFC 3463) in a server's words, "" without one.
func enhanced(words string) string {
	if found := codeForm.FindStringSubmatch(words); found != nil {
		return found[1]
	}
	return ""
}

// noSuchMailbox says whether the words name a failure of the address, so that no other letter can reach it either.
func noSuchMailbox(words string) bool {
	return NobodyThere(enhanced(words))
}

// common is what a refusal has in common with others for the same reason: its words without the recipient, numbers
// and identifiers.
func common(r fate) string {
	words := strings.ToLower(r.words)
	code := enhanced(r.words)
	for _, own := range []string{strings.ToLower(r.address), domainOf(r.address)} {
		words = strings.ReplaceAll(words, own, "")
	}
	return code + " " + numbersForm.ReplaceAllString(words, "")
}
