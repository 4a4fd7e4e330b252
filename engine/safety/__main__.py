"""``python -m engine.safety`` writes the pages of both tables: docs/safety_table.md and docs/alarms.md."""

from pathlib import Path

from engine.safety import alarm_page, alarm_table, table_page

ROOT = Path(__file__).resolve().parents[2]
PAGES = {table_page.PAGE: table_page.text, alarm_table.PAGE: alarm_page.text}

for page, text in PAGES.items():
    (ROOT / page).write_text(text(), encoding="utf-8")
