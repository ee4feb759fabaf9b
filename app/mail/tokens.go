package mail

import (
	"context"
	"fmt"
	"strings"

	"conversations/app/database"
	"conversations/app/fault"
)

// What a delivery's id is signed for. A token of one opens none of the others.
const (
	forUnsubscribing = "unsubscribe"
	forEnvelope      = "delivery.envelope"
	forMessageID     = "delivery.message"
)

// UnsubscribePath begins the address of List-Unsubscribe; the token follows.
const UnsubscribePath = "/unsubscribe/"

// UnsubscribeURL is the address at which the recipient of a delivery ends such letters.
func (o *Outbox) UnsubscribeURL(deliveryID int64) string {
	return o.Links.URL(UnsubscribePath + o.Links.Token(forUnsubscribing, deliveryID))
}

// OpenUnsubscribe finds the delivery whose List-Unsubscribe has the token, or returns a NotFound fault.
func (o *Outbox) OpenUnsubscribe(ctx context.Context, token string) (Delivery, error) {
	id, err := o.Links.Open(forUnsubscribing, token)
	if err != nil {
		return Delivery{}, err
	}
	return o.Delivery(ctx, id)
}

// Delivery finds a delivery, or returns a NotFound fault.
func (o *Outbox) Delivery(ctx context.Context, id int64) (d Delivery, err error) {
	err = database.First(o.db.Read(ctx).Raw(`SELECT * FROM deliveries WHERE id = ?`, id), &d)
	if database.IsNotFound(err) {
		return d, fault.Wrap(fault.NotFound, "There is no such letter", err)
	}
	return d, err
}

// MarkUnsubscribed notes that a recipient ended such letters by the link in this one; the first time counts. It
// withdraws nothing: see WithdrawDeliveries.
func (o *Outbox) MarkUnsubscribed(_ context.Context, tx *database.Tx, deliveryID int64) error {
	err := tx.Exec(`UPDATE deliveries SET unsubscribed_at = ? WHERE id = ? AND unsubscribed_at IS NULL`, tx.Now(), deliveryID).Error
	if err != nil {
		return fmt.Errorf("note that delivery %d led to unsubscribing: %w", deliveryID, err)
	}
	return nil
}

// envelopeSender is the address that a delivery report of this delivery comes back to.
func (o *Outbox) envelopeSender(deliveryID int64) string {
	local, domain, _ := strings.Cut(o.cfg.Mail.Bounces.Address, "@")
	if local == "" {
		return o.cfg.Mail.From
	}
	return local + "+" + o.Links.Code(forEnvelope, deliveryID) + "@" + domain
}

// OpenEnvelope finds the delivery whose envelope sender this is, given as the whole address or as the token in it. It
// returns a NotFound fault where it is none of ours.
func (o *Outbox) OpenEnvelope(ctx context.Context, address string) (Delivery, error) {
	local, _, _ := strings.Cut(strings.Trim(address, "<> "), "@")
	id, err := o.Links.OpenCode(forEnvelope, local[strings.LastIndexByte(local, '+')+1:])
	if err != nil {
		return Delivery{}, err
	}
	return o.Delivery(ctx, id)
}

// messageIDOf is the Message-ID of a delivery, the same for life.
func (o *Outbox) messageIDOf(deliveryID int64) string {
	return "<" + o.Links.Code(forMessageID, deliveryID) + "@" + domainOf(o.cfg.Mail.From) + ">"
}

// DeliveryByMessageID finds a delivery by its Message-ID, with angle brackets or without. It returns a NotFound
// fault where it is none of ours.
func (o *Outbox) DeliveryByMessageID(ctx context.Context, messageID string) (Delivery, error) {
	local, _, _ := strings.Cut(strings.Trim(messageID, "<> "), "@")
	id, err := o.Links.OpenCode(forMessageID, local)
	if err != nil {
		return Delivery{}, err
	}
	return o.Delivery(ctx, id)
}
