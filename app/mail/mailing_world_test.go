package mail_test

import (
	"hash/fnv"
	"strings"

	"conversations/app/database"
	"conversations/app/mail"
)

// mailing makes a letter to contacts by these names, at example.org, that is filling.
func (w *world) mailing(key string, names ...string) (id int64) {
	w.t.Helper()
	return w.mailingOf(letter(key), recipients(names...)...)
}

func (w *world) mailingOf(m mail.NewMailing, to ...mail.Recipient) (id int64) {
	w.t.Helper()
	w.write(func(tx *database.Tx) (err error) {
		if id, err = w.outbox.CreateMailing(w.t.Context(), tx, m); err != nil {
			return err
		}
		_, err = w.outbox.AddRecipients(w.t.Context(), tx, id, to)
		return err
	})
	return id
}

// recipients are contacts by these names.
func recipients(names ...string) (out []mail.Recipient) {
	for _, name := range names {
		out = append(out, mail.Recipient{
			ContactID: contactOf(name), Address: name + "@example.org", Name: "Fictional " + name, Personal: "https://conversations.example/s/" + name,
		})
	}
	return out
}

// contactOf is the id of the contact by a name.
func contactOf(name string) int64 {
	h := fnv.New32a()
	_, _ = h.Write([]byte(name))
	return int64(h.Sum32())
}

func (w *world) release(id int64) {
	w.t.Helper()
	w.write(func(tx *database.Tx) error { return w.outbox.ReleaseMailing(w.t.Context(), tx, id, w.clock.Now()) })
}

func (w *world) progress(id int64) mail.Progress {
	w.t.Helper()
	p, err := w.outbox.MailingProgress(w.t.Context(), id)
	if err != nil {
		w.t.Fatal(err)
	}
	return p
}

// delivery is the last one to a name.
func (w *world) delivery(name string) mail.Delivery {
	w.t.Helper()
	list, _, err := w.outbox.Deliveries(w.t.Context(), mail.DeliveryFilter{ContactID: contactOf(name)})
	if err != nil || len(list) == 0 {
		w.t.Fatalf("there is no delivery to %s (%v)", name, err)
	}
	return list[0]
}

func (w *world) deliveryIn(mailing int64, name string) mail.Delivery {
	w.t.Helper()
	list, _, err := w.outbox.Deliveries(w.t.Context(), mail.DeliveryFilter{ContactID: contactOf(name), MailingID: mailing})
	if err != nil || len(list) != 1 {
		w.t.Fatalf("there are %d deliveries to %s (%v)", len(list), name, err)
	}
	return list[0]
}

func (w *world) wantSuppressed(name string, want mail.SuppressionReason) {
	w.t.Helper()
	address := strings.ToUpper(name) + "@example.org"
	got, err := w.outbox.Suppressed(w.t.Context(), address)
	if err != nil || got[address] != want {
		w.t.Errorf("%s is suppressed as %q (%v), want %q", name, got[address], err, want)
	}
}

func namesOf(list []mail.Delivery) (names []string) {
	for _, d := range list {
		name, _, _ := strings.Cut(d.Address, "@")
		names = append(names, name)
	}
	return names
}

func upper(s string) string { return strings.ToUpper(s) }

func lastPart(url string) string { return url[strings.LastIndexByte(url, '/')+1:] }
