"""What a session was worth: compared with the truth after it has ended."""
