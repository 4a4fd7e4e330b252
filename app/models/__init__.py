"""View models: they take the engine's snapshots at the display's pace and keep what the panels draw."""
