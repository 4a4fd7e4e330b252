"""The main window, the banner, the stop controls and how the panels are laid out."""
