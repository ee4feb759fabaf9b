package reports

import (
	"bytes"
	"strings"
)

// plainLines is how many lines of a report in plain words are read: the reason stands before the letter.
const plainLines = 200

// inPlainWords reads a report that a server wrote for people alone. It must come from one that carries mail, and a
// line must say both that a mail was refused and why: a letter that is quoted may speak of anything.
func inPlainWords(h header, parts []part) (Recipient, bool) {
	if !fromMailSystem(h) {
		return Recipient{}, false
	}
	for _, p := range parts {
		if p.kind != "text/plain" {
			continue
		}
		if told, is := refusalIn(p.body); is {
			told.Final = addressOf(h.get("x-failed-recipients")) // Exim's
			return told, true
		}
	}
	return Recipient{}, false
}

// fromMailSystem says whether a mail names a mail server as its writer. Who is away has programs answer in their name.
func fromMailSystem(h header) bool {
	if h.has("x-failed-recipients") {
		return true
	}
	writer := strings.ToLower(h.get("from"))
	local, _, _ := strings.Cut(addressOf(writer), "@")
	switch local {
	case "mailer-daemon", "mailerdaemon", "postmaster", "mail-daemon", "mdaemon":
		return true
	}
	return strings.HasPrefix(strings.Trim(writer, `" `), "mail delivery s") // system, subsystem, service
}

// refusalIn finds the line that says why. One that says for good goes before others.
func refusalIn(text []byte) (told Recipient, found bool) {
	for range plainLines {
		if len(text) == 0 {
			break
		}
		var raw []byte
		raw, text = cutLine(text)
		line := inOneLine(string(raw[:min(len(raw), valueLimit)]))
		if letterBegins(line) {
			break
		}
		r, is := refusal(line)
		if !is {
			continue
		}
		if r.Outcome() == Gone {
			return r, true
		}
		if !found {
			told, found = r, true
		}
	}
	return told, found
}

func refusal(line string) (Recipient, bool) {
	status, reply := codeIn(line), replyIn(line)
	full, gone := says(line, fullWords), says(line, nobodyWords)
	r := Recipient{Action: "failed", Status: status, Words: line}
	switch {
	case full:
	case status != "" && status[0] != '2' && (reply != "" || gone):
	case status == "" && gone && strings.HasPrefix(reply, "5"):
		r.Status = "5.1.1"
	default:
		return Recipient{}, false
	}
	return r, true
}

// letterBegins tells the line after which a server quotes the letter.
func letterBegins(line string) bool {
	lower := strings.ToLower(line)
	if !bytes.HasPrefix([]byte(line), []byte("--")) {
		return strings.HasPrefix(lower, "return-path:") || strings.HasPrefix(lower, "message-id:")
	}
	return strings.Contains(lower, "copy of") || strings.Contains(lower, "original message") || strings.Contains(lower, "header")
}
