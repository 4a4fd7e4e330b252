"""The session's record: the journal, what its rows hold, and hand histories for exchange."""
