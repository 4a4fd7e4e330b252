"""The eyes: capture, change gate, registration, recognition, stable frame, layout packs and state tracking."""
