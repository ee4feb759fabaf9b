package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

// load sends requests over so many connections at once, each waiting for its answer, and gives the rate. It speaks
// just enough HTTP/1.1 that it costs little beside what is measured. next gives the i-th request as bytes.
func load(addr string, connections, requests, wantStatus int, next func(i int) []byte) (rate float64, err error) {
	var i atomic.Int64
	var all sync.WaitGroup
	failed := make(chan error, connections)
	began := time.Now()
	for range connections {
		all.Go(func() {
			if err := client(addr, requests, wantStatus, &i, next); err != nil {
				failed <- err
			}
		})
	}
	all.Wait()
	took := time.Since(began)
	select {
	case err := <-failed:
		return 0, err
	default:
		return perSecond(requests, took), nil
	}
}

func client(addr string, requests, wantStatus int, i *atomic.Int64, next func(i int) []byte) error {
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close() }()
	in := bufio.NewReaderSize(conn, 64<<10)
	for {
		n := int(i.Add(1)) - 1
		if n >= requests {
			return nil
		}
		if _, err := conn.Write(next(n)); err != nil {
			return err
		}
		status, body, err := answer(in)
		if err != nil {
			return err
		}
		if status != wantStatus {
			return fmt.Errorf("request %d was answered %d:\n%s", n, status, body)
		}
	}
}

// answer reads one answer that names its length; of the body it keeps the first part, for a message.
func answer(in *bufio.Reader) (status int, body []byte, err error) {
	line, err := in.ReadSlice('\n')
	if err != nil || len(line) < 12 {
		return 0, nil, fmt.Errorf("no answer: %q %w", line, err)
	}
	if status, err = strconv.Atoi(string(line[9:12])); err != nil {
		return 0, nil, err
	}
	length := 0
	for {
		line, err := in.ReadSlice('\n')
		if err != nil {
			return 0, nil, err
		}
		if len(line) <= 2 {
			break
		}
		name, value, _ := bytes.Cut(line, []byte(":"))
		if bytes.EqualFold(name, []byte("Content-Length")) {
			if length, err = strconv.Atoi(string(bytes.TrimSpace(value))); err != nil {
				return 0, nil, err
			}
		}
	}
	if status < 400 {
		_, err = in.Discard(length)
		return status, nil, err
	}
	body = make([]byte, length)
	_, err = io.ReadFull(in, body)
	return status, body, err
}
