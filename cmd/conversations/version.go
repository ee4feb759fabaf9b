package main

import (
	"fmt"
	"runtime"
)

type versionCommand struct{}

// Run prints the version.
func (versionCommand) Run(w *world) error {
	fmt.Fprintf(w.out, "conversations %s (%s)\n", version, runtime.Version())
	return nil
}
