package surveys

import "strings"

// paperWords are the program's own words on forms on paper, in one language. Those with a verb take what the English ones
// take, in the same order.
type paperWords struct {
	pen, noName                                string
	tickOne, tickAll, tickAtMost, tickInRows   string // how a question is answered with a pen
	outward                                    string // of a postcode
	oneQuestion, questions                     string // which: these stand in the next two
	onlyIf, leaveOut                           string // which questions, the answer, its question, where to go; leaveOut has the first last but one
	goTo, goToEnd                              string
	thanks, sendBy, sendTo, helpLine, answerAt string // at the end
}

// letterWords are those in emails that invite, in one language.
type letterWords struct {
	inThis string // that the survey can be answered in this language
	answer string // on the button
	alone  string // of the link
	unseen string // of an anonymous survey
}

func englishPaper() paperWords {
	return paperWords{
		pen: "Please use a black or blue pen. You can leave out any question.", noName: "This survey is anonymous: please do not write your name on this form.",
		tickOne: "Tick one box.", tickAll: "Tick all that fit.", tickAtMost: "Tick up to %d boxes.", tickInRows: "Tick one box in each row.",
		outward:     "We keep only the first part, such as HP1.",
		oneQuestion: "question %d", questions: "questions %d to %d",
		onlyIf: "Answer %s only if you ticked “%s” at question %d. If not, %s.", leaveOut: "If you ticked “%s” at question %d, leave out %s and %s.",
		goTo: "go to question %d", goToEnd: "go to the end",
		thanks: "Thank you. Where to send this form", sendBy: "Please send it so that it is with us by %s.", sendTo: "Give it to a member of our staff, or post it to:",
		helpLine: "If you need help with this form, or want to answer by telephone, call %s, %s.", answerAt: "You can also answer at %s",
	}
}

func polishPaper() paperWords {
	return paperWords{
		pen: "Proszę pisać czarnym lub niebieskim długopisem. Można pominąć każde pytanie.", noName: "Ta ankieta jest anonimowa: proszę nie pisać na niej imienia i nazwiska.",
		tickOne: "Zaznacz jedno pole.", tickAll: "Zaznacz wszystkie pasujące pola.", tickAtMost: "Największa liczba pól do zaznaczenia: %d.", tickInRows: "Zaznacz jedno pole w każdym wierszu.",
		outward:     "Zachowujemy tylko pierwszą część kodu, na przykład HP1.",
		oneQuestion: "pytanie %d", questions: "pytania %d–%d",
		onlyIf: "%s: odpowiedz tylko, jeśli zaznaczono „%s” w pytaniu %d. W przeciwnym razie %s.", leaveOut: "Jeśli zaznaczono „%s” w pytaniu %d, pomiń %s i %s.",
		goTo: "przejdź do pytania %d", goToEnd: "przejdź do końca",
		thanks: "Dziękujemy. Dokąd wysłać ten formularz", sendBy: "Prosimy wysłać formularz tak, aby dotarł do nas najpóźniej %s.", sendTo: "Formularz można oddać naszemu pracownikowi lub wysłać pocztą na adres:",
		helpLine: "Jeśli potrzebujesz pomocy lub chcesz odpowiedzieć przez telefon, zadzwoń: %s, %s.", answerAt: "Możesz też odpowiedzieć na stronie %s",
	}
}

func romanianPaper() paperWords {
	return paperWords{
		pen: "Vă rugăm să scrieți cu pix negru sau albastru. Puteți lăsa deoparte orice întrebare.", noName: "Acest chestionar este anonim: vă rugăm să nu vă scrieți numele pe el.",
		tickOne: "Bifați o singură căsuță.", tickAll: "Bifați tot ce se potrivește.", tickAtMost: "Număr maxim de căsuțe bifate: %d.", tickInRows: "Bifați o căsuță pe fiecare rând.",
		outward:     "Păstrăm doar prima parte a codului, de exemplu HP1.",
		oneQuestion: "întrebarea %d", questions: "întrebările %d–%d",
		onlyIf: "Răspundeți la %s numai dacă ați bifat „%s” la întrebarea %d. Dacă nu, %s.", leaveOut: "Dacă ați bifat „%s” la întrebarea %d, lăsați deoparte %s și %s.",
		goTo: "treceți la întrebarea %d", goToEnd: "treceți la sfârșit",
		thanks: "Vă mulțumim. Unde trimiteți formularul", sendBy: "Vă rugăm să îl trimiteți astfel încât să ajungă la noi cel târziu la %s.", sendTo: "Dați-l unui angajat al nostru sau trimiteți-l prin poștă la:",
		helpLine: "Dacă aveți nevoie de ajutor sau vreți să răspundeți la telefon, sunați la %s, %s.", answerAt: "Puteți răspunde și la adresa %s",
	}
}

func urduPaper() paperWords {
	return paperWords{
		pen: "براہ کرم کالا یا نیلا قلم استعمال کریں۔ آپ کوئی بھی سوال چھوڑ سکتے ہیں۔", noName: "یہ سروے گمنام ہے: براہ کرم اس فارم پر اپنا نام نہ لکھیں۔",
		tickOne: "ایک خانے پر نشان لگائیں۔", tickAll: "جو جو درست ہو اس پر نشان لگائیں۔", tickAtMost: "زیادہ سے زیادہ نشان: %d۔", tickInRows: "ہر قطار میں ایک خانے پر نشان لگائیں۔",
		outward:     "ہم صرف پہلا حصہ رکھتے ہیں، مثلاً HP1۔",
		oneQuestion: "سوال %d", questions: "سوال %d تا %d",
		onlyIf: "%s کا جواب صرف تب دیں جب آپ نے “%s” پر نشان لگایا ہو (سوال %d)۔ ورنہ %s۔", leaveOut: "اگر آپ نے “%s” پر نشان لگایا ہے (سوال %d) تو %s چھوڑ دیں اور %s۔",
		goTo: "سوال %d پر جائیں", goToEnd: "آخر پر جائیں",
		thanks: "شکریہ۔ یہ فارم کہاں بھیجیں", sendBy: "براہ کرم اسے یوں بھیجیں کہ یہ ہمیں %s تک مل جائے۔", sendTo: "اسے ہمارے عملے کے کسی فرد کو دیں، یا ڈاک سے اس پتے پر بھیجیں:",
		helpLine: "اگر آپ کو اس فارم میں مدد چاہیے، یا آپ ٹیلیفون پر جواب دینا چاہتے ہیں، تو فون کریں: %s، %s۔", answerAt: "آپ یہاں بھی جواب دے سکتے ہیں: %s",
	}
}

func gujaratiPaper() paperWords {
	return paperWords{
		pen: "કૃપા કરીને કાળી અથવા વાદળી પેન વાપરો. તમે કોઈપણ પ્રશ્ન છોડી શકો છો.", noName: "આ સર્વેક્ષણ અનામી છે: કૃપા કરીને આ ફોર્મ પર તમારું નામ લખશો નહીં.",
		tickOne: "એક ખાનામાં નિશાની કરો.", tickAll: "જે લાગુ પડે તે બધામાં નિશાની કરો.", tickAtMost: "વધુમાં વધુ નિશાની: %d.", tickInRows: "દરેક હરોળમાં એક ખાનામાં નિશાની કરો.",
		outward:     "અમે ફક્ત પહેલો ભાગ રાખીએ છીએ, જેમ કે HP1.",
		oneQuestion: "પ્રશ્ન %d", questions: "પ્રશ્ન %d થી %d",
		onlyIf: "%s નો જવાબ ત્યારે જ આપો જ્યારે તમે “%s” પર નિશાની કરી હોય (પ્રશ્ન %d). નહીં તો %s.", leaveOut: "જો તમે “%s” પર નિશાની કરી હોય (પ્રશ્ન %d), તો %s છોડી દો અને %s.",
		goTo: "પ્રશ્ન %d પર જાઓ", goToEnd: "અંતમાં જાઓ",
		thanks: "આભાર. આ ફોર્મ ક્યાં મોકલવું", sendBy: "કૃપા કરીને તેને એવી રીતે મોકલો કે તે અમને %s સુધીમાં મળે.", sendTo: "તેને અમારા સ્ટાફના સભ્યને આપો, અથવા ટપાલથી અહીં મોકલો:",
		helpLine: "જો તમને આ ફોર્મમાં મદદ જોઈતી હોય, અથવા તમે ટેલિફોન પર જવાબ આપવા માગતા હો, તો ફોન કરો: %s, %s.", answerAt: "તમે અહીં પણ જવાબ આપી શકો છો: %s",
	}
}

func englishLetter() letterWords {
	return letterWords{inThis: "You can answer this survey in English.", answer: "Answer the survey", alone: "The link is for you alone. Please do not pass it on.",
		unseen: "The survey is anonymous. When you start, the link is exchanged for a form that nobody can join to you. It works once, so please do not pass it on."}
}

func polishLetter() letterWords {
	return letterWords{inThis: "Na tę ankietę można odpowiedzieć po polsku.", answer: "Odpowiedz na ankietę", alone: "Ten link jest tylko dla Ciebie. Prosimy nie podawać go innym.",
		unseen: "Ankieta jest anonimowa. Gdy zaczniesz, link zostanie wymieniony na formularz, którego nikt nie może z Tobą powiązać. Działa tylko raz, dlatego prosimy nie podawać go innym."}
}

func romanianLetter() letterWords {
	return letterWords{inThis: "Puteți răspunde la acest chestionar în limba română.", answer: "Răspundeți la chestionar", alone: "Linkul este numai pentru dumneavoastră. Vă rugăm să nu îl dați altora.",
		unseen: "Chestionarul este anonim. Când începeți, linkul este schimbat pe un formular pe care nimeni nu îl poate lega de dumneavoastră. Funcționează o singură dată, așa că vă rugăm să nu îl dați altora."}
}

func urduLetter() letterWords {
	return letterWords{inThis: "آپ اس سروے کا جواب اردو میں دے سکتے ہیں۔", answer: "سروے کا جواب دیں", alone: "یہ لنک صرف آپ کے لیے ہے۔ براہ کرم یہ کسی اور کو نہ دیں۔",
		unseen: "یہ سروے گمنام ہے۔ جب آپ شروع کریں گے تو اس لنک کے بدلے ایک فارم ملے گا جسے کوئی آپ سے نہیں جوڑ سکتا۔ یہ لنک ایک ہی بار کام کرتا ہے، اس لیے براہ کرم یہ کسی اور کو نہ دیں۔"}
}

func gujaratiLetter() letterWords {
	return letterWords{inThis: "તમે આ સર્વેક્ષણનો જવાબ ગુજરાતીમાં આપી શકો છો.", answer: "સર્વેક્ષણનો જવાબ આપો", alone: "આ લિંક ફક્ત તમારા માટે છે. કૃપા કરીને તે બીજા કોઈને આપશો નહીં.",
		unseen: "આ સર્વેક્ષણ અનામી છે. તમે શરૂ કરો ત્યારે આ લિંકના બદલે એક ફોર્મ મળે છે, જેને કોઈ તમારી સાથે જોડી શકતું નથી. તે એક જ વાર કામ કરે છે, તેથી કૃપા કરીને તે બીજા કોઈને આપશો નહીં."}
}

// sentence has a text begin with a capital letter, where its script has any.
func sentence(text string) string {
	first := []rune(text)[:1]
	return strings.ToUpper(string(first)) + strings.TrimPrefix(text, string(first))
}
