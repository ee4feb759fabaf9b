package demo

import (
	"fmt"
	"strings"
	"time"

	"conversations/app/bookings"
	"conversations/app/events"
)

// scene is one event of the story and who booked it.
type scene struct {
	form       events.Form
	day        time.Time // in 2017; zero is to be announced
	came       string    // people who came; "" is not held yet
	cameNote   string
	bookings   int
	interested int
	first      int // number of the first resident: nobody books twice
}

// story is the four conversation events of early 2017. What the sources leave open (places, halls) is made up.
func story() []scene {
	evening := events.Schedule{StartsTime: "7pm", EndsTime: "9pm"}
	about := "Come and talk with us about health and care where you live.\n\n" +
		"Local GPs will say what has been done since the last time we met, and what comes next. Then it is your turn: " +
		"you sit at small tables, say what matters to you, and put your questions to a panel.\n\n" +
		"- Tea and coffee from half an hour before\n- You do not need to know anything about the NHS\n- We write down what you say, and tell you what came of it"
	return []scene{
		{
			day: time.Date(2017, 1, 31, 0, 0, 0, 0, time.UTC), came: "97", cameNote: "Nearly 100 residents came", bookings: 26, first: 0,
			form: events.Form{
				Title: "Conversation event in Dacorum", Locality: "dacorum", LedBy: "A local GP", Schedule: evening, Description: about,
				Summary: "Talk with local GPs about health and care in Dacorum.", Capacity: "120", MaxParty: "6", WaitingList: true,
				Venue: events.Venue{
					VenueName: "Hemel Hempstead School", VenueAddress: "Heath Lane, Hemel Hempstead", VenuePostcode: "HP1 1TX",
					GettingThere: "Ten minutes on foot from the town centre.", Parking: "Free parking at the school.",
					StepFree: "Step-free from the car park to the hall.", HearingLoop: "There is a hearing loop in the hall.", Toilets: "Accessible toilet beside the hall.",
				},
			},
		},
		{
			day: time.Date(2017, 2, 8, 0, 0, 0, 0, time.UTC), came: "50", bookings: 18, first: 40,
			form: events.Form{
				Title: "Conversation event in Watford and Three Rivers", Locality: "watford-and-three-rivers", LedBy: "A local GP", Schedule: evening,
				Description: about, Summary: "Talk with local GPs about health and care in Watford and Three Rivers.", Capacity: "80", MaxParty: "6", WaitingList: true,
				Venue: events.Venue{
					VenueName: "Example Community Hall", VenueAddress: "1 Example Road, Watford", VenuePostcode: "WD17 1AA",
					StepFree: "Step-free from the street.", HearingLoop: "There is a hearing loop.", Toilets: "Accessible toilet on the ground floor.",
				},
			},
		},
		{
			day: time.Date(2017, 2, 28, 0, 0, 0, 0, time.UTC), bookings: 22, first: 70,
			form: events.Form{
				Title: "Conversation event in St Albans and Harpenden", Locality: "st-albans-and-harpenden", LedBy: "A local GP", Schedule: evening,
				Description: about, Summary: "Talk with local GPs about health and care in St Albans and Harpenden.", Capacity: "60", MaxParty: "4", WaitingList: true,
				NeedsMet: "There is a hearing loop, and a British Sign Language interpreter is coming.",
				Venue: events.Venue{
					VenueName: "Example Church Centre", VenueAddress: "2 Example Street, St Albans", VenuePostcode: "AL1 1AA",
					GettingThere: "Five minutes on foot from the city station. Buses stop outside.", Parking: "Four spaces for Blue Badge holders. Public car park across the road.",
					StepFree: "Step-free from the street. Wide doors.", HearingLoop: "There is a hearing loop in the main room.", Toilets: "Accessible toilet on the ground floor.",
				},
			},
		},
		{
			interested: 7, first: 110,
			form: events.Form{
				Title: "Conversation event in Hertsmere", Locality: "hertsmere", LedBy: "A local GP", Description: about,
				Summary: "Talk with local GPs about health and care in Hertsmere. The date will be announced.", Capacity: "80", MaxParty: "6", WaitingList: true,
			},
		},
	}
}

// request is the i-th booking of a scene: parties of one to four, now and then by telephone, with a need or a question.
func (s scene) request(i int) bookings.Request {
	name := residentName(s.first + i)
	r := bookings.Request{Name: name, Email: residentEmail(name), People: 1 + i%3, BookerComes: true, Channel: bookings.Online, FormKey: fmt.Sprint("demo-", s.first+i)}
	if i%9 == 4 {
		r.Email, r.Phone, r.Channel = "", fmt.Sprintf("01632 960%03d", s.first+i), bookings.Telephone
	}
	if needs := demoNeeds[i%len(demoNeeds)]; needs.Need != "" {
		r.Needs = []bookings.NeedRequest{needs}
	}
	if question := demoQuestions[i%len(demoQuestions)]; question != "" {
		r.Question, r.QuoteOK, r.Recontact = question, i%2 == 0, i%4 == 0
	}
	return r
}

var demoNeeds = []bookings.NeedRequest{
	{}, {}, {Position: 1, Need: "hearing-loop"}, {}, {Position: 1, Need: "large-print"}, {}, {}, {Position: 1, Need: "wheelchair-space"},
	{}, {Position: 1, Need: "interpreter", Note: "Polish"}, {}, {Position: 1, Need: "step-free"},
}

var demoQuestions = []string{
	"", "Will the new appointments be in the evening as well?", "", "", "Who do I ring when the surgery is shut?", "",
	"What will happen to the old hospital building?", "", "",
}

var firstNames = []string{
	"Amina", "Bert", "Chidi", "Dora", "Eira", "Farid", "Greta", "Hamish", "Ines", "Joao", "Kezia", "Lars", "Mei", "Nadia", "Olu", "Petra",
	"Quinn", "Rosa", "Sunil", "Tilda", "Umar", "Vera", "Winnie", "Xanthe", "Yusuf", "Zofia",
}

var lastNames = []string{"Example", "Sample", "Placeholder", "Specimen", "Madeup"}

// residentName is a plainly made-up name, the same for the same number.
func residentName(i int) string {
	return firstNames[i%len(firstNames)] + " " + lastNames[(i/len(firstNames))%len(lastNames)]
}

func residentEmail(name string) string {
	return strings.ToLower(strings.ReplaceAll(name, " ", ".")) + "@residents.example"
}
