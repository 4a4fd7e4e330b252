"""Starts and stops every thread and process, in order, for console and headless alike; the checks before arming."""
