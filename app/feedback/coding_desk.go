package feedback

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"

	"gorm.io/gorm"
)

// desk is what coding keeps in memory: which comments wait, and what was learnt from those that are coded. It is made again
// from the database whenever it is needed, so that losing it loses nothing.
type desk struct {
	mu      sync.Mutex
	waiting []waiting     // comments that nobody has coded, in no order
	places  map[int64]int // of each in waiting
	newest  int64         // comment that was looked at
	loaded  bool

	learnt  atomic.Pointer[learnt]
	metered atomic.Pointer[Metered]
	wake    func() // has the job of learning run; nil where there is none
	measure func()
}

// waiting is a comment that waits to be coded.
type waiting struct {
	id       int64
	event    int64
	locality string
}

func newDesk() *desk { return &desk{places: map[int64]int{}} }

// load looks for comments that came since it last did; the first time, for all. Others choose meanwhile: what was coded since is
// found out when it comes up.
func (d *desk) load(read *gorm.DB) error {
	d.mu.Lock()
	since, loaded := d.newest, d.loaded
	d.mu.Unlock()
	newest, err := newestComment(read)
	if err != nil || loaded && newest <= since {
		return err
	}
	all, err := readWaiting(read, since)
	if err != nil {
		return err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, w := range all {
		d.add(w)
	}
	d.newest, d.loaded = max(d.newest, newest), true
	return nil
}

// reload reads everything anew: comments may have been set aside, put back or removed.
func (d *desk) reload(read *gorm.DB) error {
	newest, err := newestComment(read)
	if err != nil {
		return err
	}
	all, err := readWaiting(read, 0)
	if err != nil {
		return err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.waiting, d.places, d.newest, d.loaded = nil, map[int64]int{}, newest, true
	for _, w := range all {
		d.add(w)
	}
	return nil
}

func newestComment(read *gorm.DB) (id int64, err error) {
	if err := read.Raw("SELECT coalesce(max(id), 0) FROM comments").Scan(&id).Error; err != nil {
		return 0, fmt.Errorf("look for new comments: %w", err)
	}
	return id, nil
}

func readWaiting(read *gorm.DB, since int64) (all []waiting, err error) {
	var rows []struct {
		ID       int64
		EventID  *int64
		Locality string
	}
	err = read.Raw(`SELECT c.id, c.event_id, c.locality FROM comments c WHERE c.id > ? AND c.text <> '' AND c.set_aside = ''
		AND NOT EXISTS (SELECT 1 FROM comment_readings r WHERE r.comment_id = c.id AND r.counts)`, since).Scan(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("list the comments that wait to be coded: %w", err)
	}
	for _, row := range rows {
		w := waiting{id: row.ID, locality: row.Locality}
		if row.EventID != nil {
			w.event = *row.EventID
		}
		all = append(all, w)
	}
	return all, nil
}

func (d *desk) add(w waiting) {
	if _, there := d.places[w.id]; !there {
		d.places[w.id] = len(d.waiting)
		d.waiting = append(d.waiting, w)
	}
}

func (d *desk) drop(id int64) {
	d.mu.Lock()
	defer d.mu.Unlock()
	at, there := d.places[id]
	if !there {
		return
	}
	last := len(d.waiting) - 1
	d.waiting[at] = d.waiting[last]
	d.places[d.waiting[at].id] = at
	d.waiting = d.waiting[:last]
	delete(d.places, id)
}

// codedNow is called when a comment was coded, or its coding taken back: then it waits again.
func (d *desk) codedNow(r Reading, again *waiting) {
	switch {
	case r.Counts:
		d.drop(r.CommentID)
	case again != nil:
		d.mu.Lock()
		d.add(*again)
		d.mu.Unlock()
	}
	if d.wake != nil {
		d.wake()
	}
}

// atRandom gives a waiting comment that is wanted, any of them as likely as another, and how many wait; 0 where there is none.
func (d *desk) atRandom(wanted func(waiting) bool) (id int64, count int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, w := range d.waiting {
		if !wanted(w) {
			continue
		}
		if count++; rand.IntN(count) == 0 {
			id = w.id
		}
	}
	return id, count
}

// firstOf gives the first of an order that waits and is wanted, 0 where none does.
func (d *desk) firstOf(order []int64, wanted func(waiting) bool) int64 {
	d.mu.Lock()
	defer d.mu.Unlock()
	at := slices.IndexFunc(order, func(id int64) bool {
		place, waits := d.places[id]
		return waits && wanted(d.waiting[place])
	})
	if at < 0 {
		return 0
	}
	return order[at]
}
