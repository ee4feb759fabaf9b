package mail

import (
	"crypto/x509"
	"time"
)

// Trust has the outbox believe certificates of these roots.
func (o *Outbox) Trust(roots *x509.CertPool) { o.roots = roots }

// Compose gives the raw form of a mail.
func (o *Outbox) Compose(m Mail) ([]byte, error) { return o.compose(m) }

// EnvelopeSender and MessageIDOf are what a delivery travels under.
func (o *Outbox) EnvelopeSender(deliveryID int64) string { return o.envelopeSender(deliveryID) }

// MessageIDOf is the Message-ID of a delivery.
func (o *Outbox) MessageIDOf(deliveryID int64) string { return o.messageIDOf(deliveryID) }

// CloseIdle ends the connections that nobody uses.
func (o *Outbox) CloseIdle() {
	o.idle.close()
	o.room.idle.close()
}

// OnlyWhenWoken has the sender look for mails on no other occasion.
func (o *Outbox) OnlyWhenWoken() { o.tick = 1000 * time.Hour }

// Wrap breaks lines as the text part does.
var Wrap = wrap

// Claims has the outbox claim for so long at once, and ask again about whom it claimed that long ago.
func (o *Outbox) Claims(forSo, askAgain time.Duration) {
	o.room.claimFor, o.room.askAgain = forSo, askAgain
}

// MailingsPaused says whether letters to many wait because of trouble with the server.
func (o *Outbox) MailingsPaused() bool { return o.room.standing.trouble.paused(o.db.Now()) }

// Halted says whether the pass that is under way begins no other mail.
func (o *Outbox) Halted() bool { return o.room.halting.Load() }

// AtRest says that no pass over letters to many is on its way, so that nothing is in hand.
func (o *Outbox) AtRest() bool {
	if !o.room.pass.TryLock() {
		return false
	}
	o.room.pass.Unlock()
	return true
}
