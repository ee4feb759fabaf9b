package reports

import (
	"regexp"
	"strings"

	"conversations/app/mail"
)

// codeForm finds an enhanced status code (RFC 3463) in a text; what stands beside it is looked at too, for 5.1.1 is
// also a part of 15.1.1 and of 5.1.1.7.
var codeForm = regexp.MustCompile(`(?:^|[^0-9.])([245]\.[0-9]{1,3}\.[0-9]{1,3})(?:$|[^0-9.]|\.(?:$|[^0-9]))`)

// codeIn is the first enhanced status code in a text, or "".
func codeIn(text string) string {
	if m := codeForm.FindStringSubmatch(text); m != nil {
		return m[1]
	}
	return ""
}

// replyForm finds the code of an SMTP server's answer that is a refusal.
var replyForm = regexp.MustCompile(`(?:^|[^0-9.])([45][0-5][0-9])(?:[ \-#]|$)`)

// replyIn is the first such code in a text, or "".
func replyIn(text string) string {
	if m := replyForm.FindStringSubmatch(text); m != nil {
		return m[1]
	}
	return ""
}

// nobodyWords say that an address leads to nobody, of servers that give no code or a general one.
var nobodyWords = []string{
	"user unknown", "unknown user", "unknown recipient", "recipient unknown", "no such user", "no such recipient", "no such mailbox",
	"no such address", "no mailbox here by that name", "user does not exist", "mailbox does not exist", "account does not exist",
	"address does not exist", "recipient does not exist", "doesn't have a", "user not found", "mailbox not found", "recipient not found",
	"invalid recipient", "invalid mailbox", "unrouteable address", "no longer exists",
}

// fullWords say that a mailbox takes nothing just now.
var fullWords = []string{"mailbox full", "mailbox is full", "over quota", "quota exceeded", "overquota", "inbox is full"}

// nobodyThere says whether a refusal is about the address and for good. A general code (5.0.0) leaves it to the words.
func nobodyThere(status, words string) bool {
	if mail.NobodyThere(status) {
		return true
	}
	switch status {
	case "", "5.0.0", "5.1.0", "5.5.0":
		reply := replyIn(words)
		forGood := strings.HasPrefix(reply, "5") || status != "" && reply == ""
		return forGood && says(words, nobodyWords) && !says(words, fullWords)
	}
	return false
}

func says(text string, any []string) bool {
	text = strings.ToLower(text)
	for _, words := range any {
		if strings.Contains(text, words) {
			return true
		}
	}
	return false
}

// statusOf is the more exact of what a report gives as its status and the code in the server's own words, which some
// programs put beside a 5.0.0.
func statusOf(field, words string) string {
	status, said := codeIn(field), codeIn(words)
	if said != "" && (status == "" || strings.HasSuffix(status, ".0.0") && said[0] == status[0]) {
		return said
	}
	return status
}
