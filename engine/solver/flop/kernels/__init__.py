"""What is compiled for streets of limited depth."""
