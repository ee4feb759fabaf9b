package minutes

import (
	"regexp"
	"strings"
)

// section is a part of the minutes under a heading.
type section int

const (
	inOther section = iota
	inPresenters
	inPoints
	inSteps
	inQuestions
)

// sections are the headings that meetings use.
var sections = map[string]section{
	"presenters": inPresenters, "presenter": inPresenters, "speakers": inPresenters, "speaker": inPresenters, "panel": inPresenters, "the panel": inPresenters,
	"presented by": inPresenters,

	"key points": inPoints, "main points": inPoints, "points made": inPoints, "points raised": inPoints, "key messages": inPoints, "presentation": inPoints,
	"summary": inPoints, "what we heard": inPoints, "what was said": inPoints, "highlights": inPoints, "discussion": inPoints, "key themes": inPoints,

	"next steps": inSteps, "next step": inSteps, "actions": inSteps, "action points": inSteps, "agreed actions": inSteps, "actions agreed": inSteps,
	"what happens next": inSteps, "what next": inSteps, "follow up": inSteps, "follow-up": inSteps, "recommendations": inSteps, "agreed": inSteps, "resolved": inSteps,

	"questions and answers": inQuestions, "questions": inQuestions, "question and answer": inQuestions, "q&a": inQuestions, "q & a": inQuestions,
	"q and a": inQuestions, "q&as": inQuestions, "question time": inQuestions, "questions from members": inQuestions, "questions from the public": inQuestions,
	"questions from the floor": inQuestions, "questions and comments": inQuestions, "questions & answers": inQuestions,

	"present": inOther, "attendance": inOther, "attendees": inOther, "in attendance": inOther, "apologies": inOther, "apologies for absence": inOther,
	"agenda": inOther, "agenda item": inOther, "minutes": inOther, "supporting documents": inOther, "documents": inOther, "appendix": inOther, "close": inOther,
	"date of next meeting": inOther, "next meeting": inOther, "any other business": inOther, "declarations of interest": inOther, "background": inOther,
}

var (
	decoration    = regexp.MustCompile(`^[#*_\s]*(?:\d{1,2}(?:\.\d{1,2})*[.)]?\s+)?|[*_\s:.–-]+$`)
	leadsToPoints = regexp.MustCompile(`(?i)\b(?:following (?:key |main )?points|(?:key|main) points (?:were|are)|points (?:for|to) .{0,30}attention)\b`)
)

const headingWords = 6

// headingOf recognises a heading. rest is what follows it on the same line, behind a colon.
func headingOf(p paragraph) (to section, rest string, ok bool) {
	title := strings.ToLower(decoration.ReplaceAllString(p.text, ""))
	if to, ok = sections[title]; ok {
		return to, "", true
	}
	if before, after, found := strings.Cut(p.text, ":"); found && !p.marked {
		if to, ok = sections[strings.ToLower(decoration.ReplaceAllString(before, ""))]; ok {
			return to, strings.TrimSpace(after), true
		}
	}
	if p.marked || strings.HasSuffix(p.text, ".") || len(strings.Fields(title)) > headingWords {
		return inOther, "", false
	}
	for _, begin := range []string{"next steps ", "key points ", "questions and answers ", "agreed actions "} {
		if strings.HasPrefix(title, begin) {
			return sections[strings.TrimSpace(begin)], "", true
		}
	}
	return inOther, "", false
}
