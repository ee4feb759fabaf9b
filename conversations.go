// Package conversations holds what the program carries inside it from the top folder: the configuration it is
// shipped with, so that the demo runs from any folder without a file beside it.
package conversations

import _ "embed"

// Config is config.yaml as shipped.
//
//go:embed config.yaml
var Config []byte
