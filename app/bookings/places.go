package bookings

// The rule of places. It is written out for the public on every booking form, so change both together.
//
//  1. Places are people. A party gets all its places or none.
//  2. A new party gets its places if there is room for all of it and nobody who waits would fit; else the whole
//     party joins the end of the waiting list.
//  3. When places come free, the first party that fits gets them, in order of joining, and so on until none fits.
//  4. A party with places may grow only if there is room and nobody waits. A waiting party that grows goes to
//     the end.

// Party is what the rule needs to know of a waiting booking.
type Party struct {
	ID     int64
	People int
}

// placeFor gives a new party its places or a place on the waiting list.
func placeFor(people, free int, queue []Party) Status {
	if people > free {
		return Waiting
	}
	if _, somebody := firstThatFits(queue, free); somebody {
		return Waiting
	}
	return Confirmed
}

// mayGrow says whether a party that has its places may have more of them.
func mayGrow(more, free int, queue []Party) bool { return more <= free && len(queue) == 0 }

// promotions says who gets the free places, in order.
func promotions(queue []Party, free int) (promoted []Party) {
	queue = append([]Party{}, queue...)
	for {
		i, found := firstThatFits(queue, free)
		if !found {
			return promoted
		}
		promoted = append(promoted, queue[i])
		free -= queue[i].People
		queue = append(queue[:i], queue[i+1:]...)
	}
}

func firstThatFits(queue []Party, free int) (index int, found bool) {
	for i, p := range queue {
		if p.People <= free {
			return i, true
		}
	}
	return 0, false
}
