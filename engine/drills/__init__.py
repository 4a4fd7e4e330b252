"""Drills: every failure the safety core has an answer to, made on purpose, with pass criteria and measured figures."""
