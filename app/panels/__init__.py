"""One panel a file: table, decision, charts, events."""
