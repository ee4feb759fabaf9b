package mail

import (
	"bufio"
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"strconv"
	"strings"

	"conversations/app/config"
)

// Reach connects to the mail server and waits for its greeting. It sends nothing.
func Reach(ctx context.Context, cfg config.Mail) error {
	ctx, cancel := context.WithTimeout(ctx, cfg.Timeout)
	defer cancel()
	dial := new(net.Dialer).DialContext
	if cfg.TLS == "implicit" {
		dial = new(tls.Dialer).DialContext
	}
	conn, err := dial(ctx, "tcp", net.JoinHostPort(cfg.Host, strconv.Itoa(cfg.Port)))
	if err != nil {
		return fmt.Errorf("connect to the mail server: %w", err)
	}
	defer func() { _ = conn.Close() }()
	if deadline, ok := ctx.Deadline(); ok {
		_ = conn.SetDeadline(deadline)
	}
	line, err := bufio.NewReader(conn).ReadString('\n')
	if err != nil {
		return fmt.Errorf("wait for the mail server's greeting: %w", err)
	}
	if !strings.HasPrefix(line, "220") {
		return fmt.Errorf("the mail server said: %s", strings.TrimSpace(line))
	}
	return nil
}
