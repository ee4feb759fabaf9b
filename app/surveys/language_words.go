package surveys

import (
	"fmt"
	"strings"

	"conversations/templates/nhs"
)

// phrases are the program's own words on the pages on which people answer, in one language. Those with a verb take what
// the English ones take, in the same order.
type phrases struct {
	code string // of their language

	start, stop, anonymous, notYet, closed, closedMidway string
	large, usual                                         string
	page, next, send, back, save, saved                  string
	problem, mistake                                     string // at the head of what is wrong
	optional, otherAsk, day, month, year                 string
	urgent, complain                                     string // above free text
	room, left, over                                     string // characters; %{count} is filled in by script
	done, thanks, events                                 string
	whichArea, inSeveral, notSure                        string // of a postcode in several localities
	name, email, phone, apart                            string // to get in touch again

	chooseOne, chooseSome, chooseRows, enter                                string // with the question
	notThere, oneOnly, alone, atMost, sayOther, otherToo, tooLong           string
	realDate, wholeNumber, between, postcode, chooseArea                    string
	nameMissing, reachMissing, emailWrong, phoneWrong, notFromHere, blocked string

	yes, no, preferNot, otherSay, noneOfThese string // options that are made with a question

	paper  paperWords
	letter letterWords
}

// english are the words where a language has none of ours.
func english() phrases {
	return phrases{
		code:  "en",
		paper: englishPaper(), letter: englishLetter(),
		start: "Start", stop: "You can stop at any time, and come back later with a link.",
		anonymous: "This survey is anonymous. We cannot find out who answered what.",
		notYet:    "This survey is not open yet.", closed: "This survey is closed. Thank you to everybody who answered.",
		closedMidway: "This survey is closed, so your answers cannot be sent any more.",
		large:        "Show in large print", usual: "Show in the usual size",
		page: "page %d of %d", next: "Continue", send: "Send my answers", back: "Back", save: "Save and come back later",
		saved:   "Your answers are saved. To come back, keep this link. Do not give it to others: whoever has it sees your answers.",
		problem: "There is a problem", mistake: "Error",
		optional: "(optional)", otherAsk: "Please say", day: "Day", month: "Month", year: "Year",
		urgent:   "We do not read this at once. If somebody is in danger, call 999. If you need medical help, call 111.",
		complain: "To complain about care: %s, %s.",
		room:     "Most characters: %d", left: "Characters left: %{count}", over: "Characters too many: %{count}",
		done: "Your answers are sent", thanks: "Thank you. We read every answer.", events: "See our events",
		whichArea: "Which area do you live in?", inSeveral: "%s is in more than one area.", notSure: "I am not sure",
		name: "Your name", email: "Your email address", phone: "Your telephone number", apart: "We keep this apart from your answers.",
		chooseOne: "Choose an answer: %s", chooseSome: "Choose one or more answers: %s", chooseRows: "Choose an answer in each row: %s", enter: "Enter an answer: %s",
		notThere: "Choose from the answers that are there", oneOnly: "Choose one answer only",
		alone: "Choose \"%s\" alone, or choose the others without it", atMost: "Choose %d answers at most",
		sayOther: "Say what you mean by \"other\"", otherToo: "You wrote an answer of your own. Choose \"other\" too, or take it out",
		tooLong: "Your answer must be %d characters or fewer", realDate: "Enter a real date, such as 28 2 2017",
		wholeNumber: "Enter a whole number, such as 2", between: "Enter a number from %d to %d",
		postcode: "Enter a postcode, such as HP1 1DN, or its first part, such as HP1", chooseArea: "Choose the area you live in",
		nameMissing: "Enter your name", reachMissing: "Enter your email address or telephone number",
		emailWrong: "Enter an email address in the right form, like name@example.org", phoneWrong: "Enter a telephone number with its area code, like 01632 960001",
		notFromHere: "Part of what you sent was not from this page. Look at your answers, and send them again.",
		blocked:     "You wrote your name or how to reach you. Choose \"Yes\" too, or take it out",
		yes:         "Yes", no: "No", preferNot: "I prefer not to say", otherSay: "Other, please say", noneOfThese: "None of these",
	}
}

// phrasesIn are the program's words in a language: English where it has none of ours.
func phrasesIn(code string) phrases {
	base, _, _ := strings.Cut(code, "-")
	for _, p := range []phrases{polish(), romanian(), urdu(), gujarati()} {
		if p.code == base {
			return p
		}
	}
	return english()
}

// standard is an option that is made with a question, such as "Yes", in this language; "" where it is none of those.
func (p phrases) standard(label string) string {
	en := english()
	return map[string]string{en.yes: p.yes, en.no: p.no, en.preferNot: p.preferNot, en.otherSay: p.otherSay, en.noneOfThese: p.noneOfThese}[label]
}

// aside is what stands above boxes for free text: nobody reads them at once, and where to complain.
func (p phrases) aside(complaints, telephone string) string {
	if complaints == "" || telephone == "" {
		return p.urgent
	}
	return p.urgent + " " + fmt.Sprintf(p.complain, complaints, telephone)
}

// pairs are phrases in the shape in which the design system wants one for each plural form.
func pairs(text string) map[string]string {
	return map[string]string{"one": text, "few": text, "many": text, "other": text}
}

// counting puts our words on a box that counts characters.
func (p phrases) counting(most int, c *nhs.CharacterCountParams) {
	c.TextareaDescriptionText = fmt.Sprintf(p.room, most)
	c.CharactersUnderLimitText, c.CharactersOverLimitText = pairs(p.left), pairs(p.over)
	c.CharactersAtLimitText = strings.ReplaceAll(p.left, "%{count}", "0")
}
