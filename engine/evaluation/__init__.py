"""What a session was worth, found after it: its record against the table's own log."""
