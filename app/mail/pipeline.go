package mail

import (
	"bytes"
	"errors"
	"net"
	"net/textproto"
	"strconv"
	"time"
)

// learn asks an open connection what the server can do.
func (c *connection) learn() {
	c.pipelining, _ = c.smtp.Extension("PIPELINING")
	c.chunking, _ = c.smtp.Extension("CHUNKING")
	c.utf8, _ = c.smtp.Extension("SMTPUTF8")
}

// alive says whether a connection that was kept for a while can still be used: a server that closed it, or said that
// it will, has left something to read.
func (c *connection) alive() bool {
	if c.smtp == nil || c.smtp.UpdateDeadline(time.Millisecond) != nil {
		return false
	}
	_, err := c.smtp.Text.R.Peek(1)
	silence, is := errors.AsType[net.Error](err)
	return is && silence.Timeout()
}

// sendWhole gives one letter to the server over a connection that is open, in as few steps as the server allows: all in
// one go with PIPELINING (RFC 2920) and CHUNKING (RFC 3030), in two with PIPELINING alone, else step by step. It opens
// nothing anew: whoever was asked about this recipient must be asked again by then.
func (c *connection) sendWhole(l letter) outcome {
	if err := c.smtp.UpdateDeadline(c.settings.Timeout); err != nil {
		c.close()
		return outcome{verdict: stuck, words: spoken(err)}
	}
	if !c.pipelining {
		if err := c.begin(l); err != nil {
			return c.notFrom(l, err)
		}
		return c.settle(c.transmit(l))
	}
	if !c.utf8 && !isASCII(l.to) {
		return judge(&textproto.Error{Code: 553, Msg: "the mail server cannot write to addresses with letters beyond a to z"})
	}
	if c.chunking {
		return c.settleWhole(l, c.inOneGo(l))
	}
	return c.settleWhole(l, c.inTwo(l))
}

// notFrom is what comes of a server that refuses the sender: it is about us.
func (c *connection) notFrom(l letter, err error) outcome {
	c.close()
	return outcome{verdict: stuck, words: "it takes no mails from " + l.from + ": " + spoken(err)}
}

// errSender marks the server's answer to the sender.
type errSender struct{ error }

func (e errSender) Unwrap() error { return e.error }

// settleWhole judges the answer and leaves the connection ready for the next mail, or closed.
func (c *connection) settleWhole(l letter, err error) outcome {
	if _, sender := errors.AsType[errSender](err); sender {
		return c.notFrom(l, errors.Unwrap(err))
	}
	return c.settle(err)
}

// envelope writes who sends and who receives behind c.out.
func (c *connection) envelope(l letter) {
	c.out = append(append(append(c.out[:0], "MAIL FROM:<"...), l.from...), '>')
	if c.utf8 && !isASCII(l.to) {
		c.out = append(c.out, " SMTPUTF8"...)
	}
	c.out = append(append(append(c.out, "\r\nRCPT TO:<"...), l.to...), ">\r\n"...)
}

// inOneGo sends MAIL, RCPT and BDAT LAST with the text, and reads the three answers.
func (c *connection) inOneGo(l letter) error {
	c.envelope(l)
	c.out = append(c.out, "BDAT "...)
	c.out = strconv.AppendInt(c.out, int64(len(l.raw)), 10)
	c.out = append(c.out, " LAST\r\n"...)
	c.out = append(c.out, l.raw...)
	if err := c.write(c.out); err != nil {
		return err
	}
	sender, recipient, text := c.answer(), c.answer(), c.answer()
	return first(sender, recipient, text)
}

// inTwo sends MAIL, RCPT and DATA, and where they are welcome the text.
func (c *connection) inTwo(l letter) error {
	c.envelope(l)
	c.out = append(c.out, "DATA\r\n"...)
	if err := c.write(c.out); err != nil {
		return err
	}
	sender, recipient, data := c.answer(), c.answer(), c.answer()
	goAhead, is := errors.AsType[*textproto.Error](data)
	ready := is && goAhead.Code == 354
	switch {
	case ready && sender == nil && recipient == nil:
		if err := c.write(stuffed(c.out[:0], l.raw)); err != nil {
			return err
		}
		return c.answer()
	case ready: // a text with nobody to receive it: it ends at once, and whatever the server says is no matter
		if err := c.write([]byte(".\r\n")); err != nil {
			return err
		}
		_ = c.answer()
	}
	return first(sender, recipient, data)
}

// first is the answer that decides: a refused sender or recipient has the server refuse what follows.
func first(sender, recipient, text error) error {
	switch {
	case sender != nil:
		if _, spoke := errors.AsType[*textproto.Error](sender); spoke {
			return errSender{sender}
		}
		return sender
	case recipient != nil:
		return recipient
	}
	return text
}

func (c *connection) write(p []byte) error {
	if _, err := c.smtp.Text.W.Write(p); err != nil {
		return err
	}
	return c.smtp.Text.W.Flush()
}

// answer reads one answer: nil for 2xx, a *textproto.Error for any other.
func (c *connection) answer() error {
	_, _, err := c.smtp.Text.ReadResponse(2)
	return err
}

// stuffed writes a text for DATA behind out: a point more before lines that begin with one, and the end.
func stuffed(out, raw []byte) []byte {
	if bytes.HasPrefix(raw, []byte(".")) {
		out = append(out, '.')
	}
	for {
		at := bytes.Index(raw, []byte("\r\n."))
		if at < 0 {
			break
		}
		out = append(append(out, raw[:at+3]...), '.')
		raw = raw[at+3:]
	}
	out = append(out, raw...)
	if !bytes.HasSuffix(out, []byte("\r\n")) {
		out = append(out, "\r\n"...)
	}
	return append(out, ".\r\n"...)
}
