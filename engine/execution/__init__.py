"""Hands: the actuator and watchdog processes, gestures, verification and the table guard."""
