package site

import "conversations/app/config"

// HasSetting says whether a keeping time has a key in the configuration.
func HasSetting(r config.Retention, key string) bool { return keepFor(r, key) > 0 }
