package surveys

import (
	"strings"
	"testing"

	"conversations/app/mail"
)

// inPolish is a form in Polish with a question, and a section for those who said yes to it.
func inPolish(anonymous bool) Form {
	yes, no := FormChoice{Choice: Choice{ID: 1}, Label: "Tak"}, FormChoice{Choice: Choice{ID: 2}, Label: "Nie"}
	question := func(id int64, kind Kind) FormQuestion { return FormQuestion{Question: Question{ID: id, Kind: kind}} }
	first := question(1, YesNo)
	first.Options = []FormChoice{yes, no}
	return Form{Survey: Survey{Languages: "en|pl|cy", Anonymous: anonymous}, Language: "pl", say: phrasesIn("pl"), Sections: []FormSection{
		{Questions: []FormQuestion{first}},
		{Section: Section{IfQuestion: 1, IfChoice: 1}, Questions: []FormQuestion{question(2, Grid), question(3, SeveralOf)}},
		{Section: Section{IfQuestion: 1, IfChoice: 1, IfNot: true}, Questions: []FormQuestion{question(4, Date)}},
	}}
}

func TestAFormOnPaperSaysInItsLanguageHowItIsAnswered(t *testing.T) {
	n := inPolish(false).numbered()
	for got, want := range map[string]string{
		n.onlyWords(1): "Pytania 2–3: odpowiedz tylko, jeśli zaznaczono „Tak” w pytaniu 1. W przeciwnym razie przejdź do pytania 4.",
		n.onlyWords(2): "Jeśli zaznaczono „Tak” w pytaniu 1, pomiń pytanie 4 i przejdź do końca.",
		n.jump(0, n.Sections[0].Questions[0], n.Sections[0].Questions[0].Options[1]): "Przejdź do pytania 4",
		n.Sections[0].Questions[0].howOnPaper(n.say):                                 "Zaznacz jedno pole.",
		n.Sections[1].Questions[0].howOnPaper(n.say):                                 "Zaznacz jedno pole w każdym wierszu.",
		n.Sections[2].Questions[0].howOnPaper(n.say):                                 "Dzień, miesiąc, rok.",
		sentence("سوال 4 پر جائیں"):                                                  "سوال 4 پر جائیں",
	} {
		if got != want {
			t.Errorf("it says %q, not %q", got, want)
		}
	}
}

func TestAnInvitationSaysInEachLanguageOfTheSurveyThatItCanBeAnsweredInIt(t *testing.T) {
	for anonymous, want := range map[bool]string{false: "Ten link jest tylko dla Ciebie", true: "Ankieta jest anonimowa"} {
		form := inPolish(anonymous)
		form.Language, form.say = "en", phrasesIn("en")
		blocks := mail.Filled((&Service{}).blocks(form, Sending{Subject: "Tell us", Body: "Please answer."}), mail.Values{Personal: "https://conversations.example/s/x"})
		var links, words []string
		for _, b := range blocks {
			if b.Kind == mail.ButtonBlock {
				links = append(links, b.Lang+" "+b.Text+" "+b.Href)
			}
			if b.Lang != "" {
				words = append(words, b.Text)
			}
		}
		if got := strings.Join(links, "\n"); got != " Answer the survey https://conversations.example/s/x\npl Odpowiedz na ankietę https://conversations.example/s/x?language=pl" {
			t.Errorf("the links are\n%s", got)
		}
		if len(words) != 2 || !strings.HasPrefix(words[0], "Na tę ankietę można odpowiedzieć po polsku. "+want) {
			t.Errorf("in other languages it says %q", words)
		}
	}
}
