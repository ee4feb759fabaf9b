package mail_test

import (
	"slices"
	"strings"
	"testing"

	"conversations/app/database"
	"conversations/app/mail"
)

func TestDeliveriesAreFoundOrderedAndTakenOutWhole(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		id := w.mailing("update:1", "cara", "ada", "ben")
		w.mailing("update:2", "dora")
		w.write(func(tx *database.Tx) error {
			return tx.Exec(`UPDATE deliveries SET state = 'failed', words = '550 5.1.1 No such_user 100%' WHERE address = 'ben@example.org'`).Error
		})
		for _, c := range []struct {
			filter mail.DeliveryFilter
			want   string
		}{
			{mail.DeliveryFilter{MailingID: id}, "cara ada ben"},
			{mail.DeliveryFilter{MailingID: id, Sort: "name"}, "ada ben cara"},
			{mail.DeliveryFilter{MailingID: id, Sort: "-address"}, "cara ben ada"},
			{mail.DeliveryFilter{MailingID: id, Text: "FICTIONAL b"}, "ben"},
			{mail.DeliveryFilter{MailingID: id, Text: "such_user"}, "ben"},
			{mail.DeliveryFilter{MailingID: id, Text: "0%"}, "ben"},
			{mail.DeliveryFilter{MailingID: id, Text: "a_a"}, ""},
			{mail.DeliveryFilter{MailingID: id, Waiting: true, Sort: "name"}, "ada cara"},
			{mail.DeliveryFilter{MailingID: id, State: mail.DeliveryFailed}, "ben"},
		} {
			list, total, err := w.outbox.Deliveries(t.Context(), c.filter)
			if got := addressed(list); err != nil || got != c.want || total != len(list) {
				t.Errorf("%+v: %q of %d, want %q (%v)", c.filter, got, total, c.want, err)
			}
			list = nil
			c.filter.Limit, c.filter.Skip = 1, 1
			for d, err := range w.outbox.EachDelivery(t.Context(), c.filter) {
				if err != nil {
					t.Fatal(err)
				}
				list = append(list, d)
			}
			if got := addressed(list); got != c.want {
				t.Errorf("%+v taken out: %q, want %q", c.filter, got, c.want)
			}
		}
	})
}

func addressed(list []mail.Delivery) string {
	names := []string{}
	for _, d := range list {
		name, _, _ := strings.Cut(d.Address, "@")
		names = append(names, name)
	}
	return strings.Join(slices.Clip(names), " ")
}
