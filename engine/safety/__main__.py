"""``python -m engine.safety`` writes docs/safety_table.md from the table of causes."""

from engine.safety.table_page import write

write()
