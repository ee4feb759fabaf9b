package reports

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	stdlog "log"
	"net"
	"strconv"

	"github.com/emersion/go-imap"
	"github.com/emersion/go-imap/client"
)

// mailbox is a folder on an IMAP server, open for one run.
type mailbox struct {
	*client.Client
	handled string // where mails go that were understood; "" where they stay
	release func() bool
}

// open signs in to the mailbox and opens its folder. The connection ends with ctx.
func (r *Reader) open(ctx context.Context) (*mailbox, error) {
	cfg := r.cfg.Mail.Bounces
	secure := &tls.Config{ServerName: cfg.Host, RootCAs: r.roots, MinVersion: tls.VersionTLS12}
	address, dialer := net.JoinHostPort(cfg.Host, strconv.Itoa(cfg.Port)), &net.Dialer{Timeout: r.cfg.Mail.Timeout}
	connect := func() (*client.Client, error) { return client.DialWithDialer(dialer, address) }
	if cfg.TLS == "implicit" {
		connect = func() (*client.Client, error) { return client.DialWithDialerTLS(dialer, address, secure) }
	}
	c, err := connect()
	if err != nil {
		return nil, fmt.Errorf("connect to the IMAP server: %w", err)
	}
	c.Timeout, c.ErrorLog = r.cfg.Mail.Timeout, stdlog.New(io.Discard, "", 0)
	box := &mailbox{Client: c, release: context.AfterFunc(ctx, func() { _ = c.Terminate() })}
	if cfg.TLS == "mandatory" {
		if err := c.StartTLS(secure); err != nil {
			box.close()
			return nil, fmt.Errorf("turn to TLS on the IMAP server: %w", err)
		}
	}
	if err := r.enter(box); err != nil {
		box.close()
		return nil, err
	}
	return box, nil
}

func (r *Reader) enter(box *mailbox) error {
	cfg := r.cfg.Mail.Bounces
	if err := box.Login(cfg.Username, cfg.Password); err != nil {
		return fmt.Errorf("sign in to the IMAP server: %w", err)
	}
	if err := r.findHandled(box); err != nil {
		return err
	}
	if _, err := box.Select(cfg.Folder, false); err != nil {
		return fmt.Errorf("open the folder %s: %w", cfg.Folder, err)
	}
	return nil
}

// findHandled makes the folder for what was understood if it is not there. Where the server cannot move mails, or has
// no such folder made, mails stay where they are.
func (r *Reader) findHandled(box *mailbox) error {
	folder := r.cfg.Mail.Bounces.Handled
	if folder == "" {
		return nil
	}
	moves, err := box.Support("MOVE")
	if err != nil {
		return fmt.Errorf("ask the IMAP server what it can do: %w", err)
	}
	if !moves {
		return nil
	}
	if _, err := box.Status(folder, []imap.StatusItem{imap.StatusMessages}); err == nil {
		box.handled = folder
		return nil
	}
	if err := box.Create(folder); err != nil {
		r.log.Warn("reports that were understood stay in their folder: the other cannot be made", "folder", folder, "error", err)
		return nil
	}
	box.handled = folder
	return nil
}

func (b *mailbox) close() {
	b.release()
	if err := b.Logout(); err != nil {
		_ = b.Terminate()
	}
}

// unread lists the mails that nobody has looked at, the oldest first.
func (b *mailbox) unread() ([]uint32, error) {
	criteria := imap.NewSearchCriteria()
	criteria.WithoutFlags = []string{imap.SeenFlag, imap.DeletedFlag}
	uids, err := b.UidSearch(criteria)
	if err != nil {
		return nil, fmt.Errorf("look for unread mails: %w", err)
	}
	return uids, nil
}

// flagged counts the mails that were left for people.
func (b *mailbox) flagged() (int, error) {
	criteria := imap.NewSearchCriteria()
	criteria.WithFlags, criteria.WithoutFlags = []string{imap.FlaggedFlag}, []string{imap.DeletedFlag}
	uids, err := b.UidSearch(criteria)
	if err != nil {
		return 0, fmt.Errorf("look for flagged mails: %w", err)
	}
	return len(uids), nil
}

// errVanished is that a mail was there and is not any more: somebody tidied up.
var errVanished = errors.New("the mail is not there any more")

// fetch gives the beginning of a mail and leaves it unread.
func (b *mailbox) fetch(uid uint32) (io.Reader, error) {
	section := &imap.BodySectionName{Peek: true, Partial: []int{0, MessageBytes}}
	messages, fetched := make(chan *imap.Message, 1), make(chan error, 1)
	go func() {
		fetched <- b.UidFetch(only(uid), []imap.FetchItem{imap.FetchUid, section.FetchItem()}, messages)
	}()
	var body imap.Literal
	for message := range messages {
		if found := message.GetBody(section); found != nil && message.Uid == uid {
			body = found
		}
	}
	if err := <-fetched; err != nil {
		return nil, fmt.Errorf("fetch mail %d: %w", uid, err)
	}
	if body == nil {
		return nil, errVanished
	}
	return body, nil
}

// settle puts a mail aside that was understood.
func (b *mailbox) settle(uid uint32) error {
	if err := b.mark(uid, imap.SeenFlag); err != nil || b.handled == "" {
		return err
	}
	if err := b.UidMove(only(uid), b.handled); err != nil {
		return fmt.Errorf("move mail %d: %w", uid, err)
	}
	return nil
}

// leave leaves a mail for people: read, and with a flag.
func (b *mailbox) leave(uid uint32) error { return b.mark(uid, imap.SeenFlag, imap.FlaggedFlag) }

func (b *mailbox) mark(uid uint32, flags ...any) error {
	if err := b.UidStore(only(uid), imap.FormatFlagsOp(imap.AddFlags, true), flags, nil); err != nil {
		return fmt.Errorf("mark mail %d: %w", uid, err)
	}
	return nil
}

func only(uid uint32) *imap.SeqSet {
	set := new(imap.SeqSet)
	set.AddNum(uid)
	return set
}
