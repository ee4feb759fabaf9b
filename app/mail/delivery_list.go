package mail

import (
	"context"
	"fmt"
	"iter"
	"strings"

	"conversations/app/database"

	"gorm.io/gorm"
)

// DeliveryFilter narrows, orders and pages a list of deliveries. The zero filter is the first 50 of all.
type DeliveryFilter struct {
	MailingID    int64         // 0 for every mailing
	ContactID    int64         // 0 for every contact
	State        DeliveryState // "" for every state
	Waiting      bool          // only those whose turn has not come, or is now: queued or claimed
	Bounced      bool          // only those that came back
	Unsubscribed bool          // only those whose recipient unsubscribed by the link in it
	Complained   bool          // only those whose recipient called it unwanted
	Text         string        // a part of the name, the address or the server's words
	Sort         string        // a key of deliveryOrders; "" is the oldest first, of one contact the newest
	Limit        int           // 0 is 50
	Skip         int
}

// deliveryOrders are the orders that can be chosen. Each ends in what tells any two deliveries apart.
var deliveryOrders = map[string]string{
	"name": "lower(name), id", "-name": "lower(name) DESC, id DESC",
	"address": "lower(address), id", "-address": "lower(address) DESC, id DESC",
	"state": "state, id", "-state": "state DESC, id DESC",
	"when": "coalesce(done_at, due_at), id", "-when": "coalesce(done_at, due_at) DESC, id DESC",
	"words": "words, id", "-words": "words DESC, id DESC",
}

// Deliveries gives deliveries, oldest first where nothing else is asked, and how many there are in all. Those of one
// contact come newest first.
func (o *Outbox) Deliveries(ctx context.Context, f DeliveryFilter) (list []Delivery, total int, err error) {
	var count int64
	if err := f.on(o.db.Read(ctx)).Count(&count).Error; err != nil {
		return nil, 0, fmt.Errorf("count deliveries: %w", err)
	}
	if f.Limit <= 0 {
		f.Limit = 50
	}
	err = f.on(o.db.Read(ctx)).Order(f.order()).Limit(f.Limit).Offset(f.Skip).Find(&list).Error
	return list, int(count), err
}

// deliveriesAtOnce is how many are read at a time on their way out.
const deliveriesAtOnce = 1000

// EachDelivery gives all deliveries of a filter in its order, some at a time, so that the longest list takes little
// memory. Its Limit and Skip do not count.
func (o *Outbox) EachDelivery(ctx context.Context, f DeliveryFilter) iter.Seq2[Delivery, error] {
	return func(yield func(Delivery, error) bool) {
		var ids []int64
		if err := f.on(o.db.Read(ctx)).Order(f.order()).Pluck("id", &ids).Error; err != nil {
			yield(Delivery{}, fmt.Errorf("list deliveries: %w", err))
			return
		}
		for len(ids) > 0 {
			chunk := ids[:min(deliveriesAtOnce, len(ids))]
			ids = ids[len(chunk):]
			var rows []Delivery
			if err := o.db.Read(ctx).Where("id IN ?", chunk).Find(&rows).Error; err != nil {
				yield(Delivery{}, fmt.Errorf("read deliveries: %w", err))
				return
			}
			byID := make(map[int64]Delivery, len(rows))
			for _, d := range rows {
				byID[d.ID] = d
			}
			for _, id := range chunk {
				if d, there := byID[id]; there && !yield(d, nil) {
					return
				}
			}
		}
	}
}

func (f DeliveryFilter) order() string {
	if order, known := deliveryOrders[f.Sort]; known {
		return order
	}
	if f.ContactID != 0 {
		return "id DESC"
	}
	return "id"
}

func (f DeliveryFilter) on(db *gorm.DB) *gorm.DB {
	q := db.Model(&Delivery{})
	for _, one := range []struct {
		given bool
		where string
		value any
	}{
		{f.MailingID != 0, "mailing_id = ?", f.MailingID},
		{f.ContactID != 0, "contact_id = ?", f.ContactID},
		{f.State != "", "state = ?", f.State},
		{f.Waiting, "state IN ?", []DeliveryState{DeliveryQueued, DeliveryClaimed}},
	} {
		if one.given {
			q = q.Where(one.where, one.value)
		}
	}
	for where, given := range map[string]bool{"bounced_at IS NOT NULL": f.Bounced, "unsubscribed_at IS NOT NULL": f.Unsubscribed, "complained_at IS NOT NULL": f.Complained} {
		if given {
			q = q.Where(where)
		}
	}
	for _, word := range database.SearchWords(f.Text) {
		like := "%" + strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(word) + "%"
		q = q.Where(`(lower(name) LIKE ? ESCAPE '\' OR lower(address) LIKE ? ESCAPE '\' OR lower(words) LIKE ? ESCAPE '\' OR lower(bounce_words) LIKE ? ESCAPE '\')`, like, like, like, like)
	}
	return q
}
