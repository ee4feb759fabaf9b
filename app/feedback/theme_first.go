package feedback

import (
	"context"

	"conversations/app/fault"
)

// StartCodebook fills an empty codebook with the themes that people raised at the start of the programme: those of Dacorum, and
// those of the review in all four localities. A Conflict where there is a theme already.
func (s *Service) StartCodebook(ctx context.Context) error {
	_, err := s.changeThemes(ctx, "import", func(c *codebook) error {
		for _, t := range c.themes {
			if !t.Gone {
				return fault.New(fault.Conflict, "There are themes in the codebook already.")
			}
		}
		for _, list := range firstCodebook() {
			head, err := c.add(list.head, "", atEnd)
			if err != nil {
				return err
			}
			for _, f := range list.themes {
				f.Parent = head.ID
				if _, err := c.add(f, "", atEnd); err != nil {
					return err
				}
			}
		}
		return nil
	})
	return err
}

type firstList struct {
	head   ThemeForm
	themes []ThemeForm
}

func firstCodebook() []firstList {
	return []firstList{
		{ThemeForm{Code: "dacorum", Name: "What people in Dacorum asked for", Definition: "The six themes of the first conversations in Dacorum. Use one of those below it."}, []ThemeForm{
			{Code: "prevention", Name: "Keeping well", Definition: "Help to stay healthy, so that fewer people fall ill.",
				Included: "Exercise, food, smoking, health checks, screening, vaccination, health in schools, looking after oneself.", Excluded: "Treatment once somebody is ill: use the theme about that service.",
				Examples: "We need walking groups before people get ill.\nWhy are there no health checks at the market any more?"},
			{Code: "closer-home", Name: "Care around the person, near home", Definition: "Care that fits one person's life and is given where they live, not in a far hospital.",
				Included: "Clinics in the town, care at home, being listened to as a whole person, choice.", Excluded: "Services that do not talk to each other: use \"Finding the way, and services that work together\".",
				Examples: "My blood test could be done in the village.\nNobody asked me what I wanted."},
			{Code: "access", Name: "Getting to see somebody", Definition: "How hard or easy it is to get care when it is needed, above all from a GP practice.",
				Included: "Appointments, telephone queues, opening hours, waiting times, being able to get in, travel and parking.", Excluded: "Not knowing where to go: use \"Finding the way, and services that work together\".",
				Examples: "I rang for an hour and then all appointments were gone.\nThe surgery is shut when I come home from work."},
			{Code: "signposting", Name: "Finding the way, and services that work together", Definition: "Knowing which service to go to, and services that pass on what they know.",
				Included: "Information about services, being sent from one to another, records that are not shared, handover between hospital and home.", Excluded: "Knowing where to go and not getting in: use \"Getting to see somebody\".",
				Examples: "I told my story five times to five people.\nWho do I call at night?"},
			{Code: "estates", Name: "Good use of buildings", Definition: "Whether buildings and equipment are used well and are fit for their purpose.",
				Included: "Empty rooms, old buildings, hospital sites, sharing rooms with others, machines that stand still.", Excluded: "Travel and parking: use \"Getting to see somebody\".",
				Examples: "Half of the health centre stands empty.\nThe roof of the ward leaks."},
			{Code: "older-people", Name: "Community care for older people", Definition: "Care and support for older people outside hospital.",
				Included: "Home carers, care homes, falls, loneliness, dementia, going home from hospital.", Excluded: "Care at home for people of any age: use \"Care around the person, near home\".",
				Examples: "My neighbour is 88 and nobody looks in on her.\nMum was sent home with no carer."},
		}},
		{ThemeForm{Code: "review", Name: "What the review in all four localities looked at", Definition: "The six areas of the review of health and care in west Hertfordshire. Use one of those below it."}, []ThemeForm{
			{Code: "quality", Name: "Good care, the same for everybody", Definition: "How good care is and how well it works, and whether that can be relied on.",
				Included: "Safety, mistakes, kindness, cleanliness, results of treatment, one team better than another.", Excluded: "Differences in how long people live: use \"Fair chances of a long life\".",
				Examples: "The nurses were kind and explained everything.\nOne clinic checked, the other forgot."},
			{Code: "inequality", Name: "Fair chances of a long life", Definition: "That how long and how well people live should not depend on where they live.",
				Included: "Poorer streets, groups that are left out, language, housing, differences between towns.", Excluded: "Differences in quality between services: use \"Good care, the same for everybody\".",
				Examples: "On our estate people die ten years sooner.\nLeaflets come in English only."},
			{Code: "joined-up", Name: "Joined-up care closer to home", Definition: "Health and social care that act as one team, near where people live.",
				Included: "GP, community, social and mental health care together; one care plan; one contact.", Excluded: "Finding out which service to use: use \"Right place, right time\".",
				Examples: "The social worker and the nurse should come together."},
			{Code: "right-place", Name: "Right place, right time", Definition: "Getting the right care first time, and knowing where that is.",
				Included: "Urgent care, NHS 111, A&E or a minor injuries unit, out of hours, information about what is open.", Excluded: "Routine appointments at a GP practice: use \"Getting to see somebody\".",
				Examples: "We sat in A&E because we did not know what else was open.\n111 sent us to the right place at once."},
			{Code: "sustainable", Name: "Services we can afford and keep", Definition: "Keeping services going with the money and the staff there are.",
				Included: "Money, waste, cuts, staff shortages, prescriptions, doubts that plans can be paid for.", Excluded: "Buildings: use \"Better use of what is there\".",
				Examples: "How will you pay for all this?\nThere are not enough nurses."},
			{Code: "facilities", Name: "Better use of what is there", Definition: "Using hospitals, clinics and community rooms that exist before building new ones.",
				Included: "What should be where, moving services between sites, using clinics in the evening.", Excluded: "The state of a building: use \"Good use of buildings\".",
				Examples: "Use our local hospital for more clinics."},
		}},
	}
}
