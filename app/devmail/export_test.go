package devmail

// Keep has a box hold fewer messages.
func (b *Box) Keep(n int) { b.kept = n }
