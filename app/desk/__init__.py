"""The desk: the screen the windows stand on, and a virtual one where the machine has none."""
