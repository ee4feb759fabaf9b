// Package devmail is the mailbox of the demo: a mail server on loopback that keeps what it is given in a folder,
// and pages to read it. So the demo's mails travel the real way, and leave the machine on none.
package devmail

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// kept is how many messages a box holds; the oldest go first.
const kept = 500

const suffix = ".eml"

// Box is a folder of messages, one file each. It is safe for use by many goroutines, of one process.
type Box struct {
	dir  string
	kept int

	mu   sync.Mutex
	last int // number of the newest message
}

// Open opens the box in a folder, which is made where it is missing.
func Open(dir string) (*Box, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("make a folder for mails: %w", err)
	}
	b := &Box{dir: dir, kept: kept}
	numbers, err := b.numbers()
	if err != nil {
		return nil, err
	}
	if len(numbers) > 0 {
		b.last = numbers[0]
	}
	return b, nil
}

// Store keeps a message. When it returns nil the message survives a power cut.
func (b *Box) Store(raw []byte) (id string, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	id = strconv.Itoa(b.last + 1)
	if err := b.write(id+suffix, raw); err != nil {
		return "", fmt.Errorf("keep a mail: %w", err)
	}
	b.last++
	return id, b.prune()
}

// write makes the file appear with all of its content or not at all.
func (b *Box) write(name string, raw []byte) error {
	file, err := os.CreateTemp(b.dir, "arriving-*")
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(file.Name()) }() // gone already where all went well
	_, err = file.Write(raw)
	if err := errors.Join(err, file.Sync(), file.Close()); err != nil {
		return err
	}
	if err := os.Rename(file.Name(), filepath.Join(b.dir, name)); err != nil {
		return err
	}
	folder, err := os.Open(b.dir)
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}

func (b *Box) prune() error {
	numbers, err := b.numbers()
	if err != nil {
		return err
	}
	for _, n := range numbers[min(b.kept, len(numbers)):] {
		if err := os.Remove(b.path(n)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("make room for mails: %w", err)
		}
	}
	return nil
}

// numbers lists the messages, newest first.
func (b *Box) numbers() (numbers []int, err error) {
	files, err := os.ReadDir(b.dir)
	if err != nil {
		return nil, fmt.Errorf("read the mails: %w", err)
	}
	for _, f := range files {
		name, ok := strings.CutSuffix(f.Name(), suffix)
		if n, err := strconv.Atoi(name); ok && err == nil {
			numbers = append(numbers, n)
		}
	}
	slices.SortFunc(numbers, func(x, y int) int { return cmp.Compare(y, x) })
	return numbers, nil
}

func (b *Box) path(number int) string { return filepath.Join(b.dir, strconv.Itoa(number)+suffix) }
