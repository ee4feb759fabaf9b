package database

// Queued is how many writes wait for their turn.
func (db *DB) Queued() int { return db.queued() }
