"""The console's one stylesheet, made from a theme's colours. Widgets name their part; nothing else is styled."""

from string import Template

from app.theme.colours import ON_RED, ON_YELLOW, STOP_RED, Colours

_SHEET = Template("""
QToolTip { background: $raised; color: $ink; border: 1px solid $line; padding: 4px 6px; }
#strip { background: $panel; border-bottom: 1px solid $line; }
#statusLine { background: $panel; border-top: 1px solid $line; }
#statusLine QLabel { color: $ink_soft; font-size: 12px; }
#statusLine QLabel[abnormal="true"] { background: $amber_ground; color: $on_yellow; border-radius: 3px; }
#panel { background: $panel; border: 1px solid $line; border-radius: 6px; }
#panelTitle { color: $ink; font-size: 12px; font-weight: 600; }
#soft { color: $ink_soft; }
#small { color: $ink_soft; font-size: 12px; }
#headline { font-size: 20px; font-weight: 600; }
#figure { font-size: 15px; font-weight: 600; }
#warning { background: $amber_ground; color: $on_yellow; border-radius: 4px; padding: 3px 8px; }
#readinessWord { background: transparent; border: none; padding: 0; text-align: left;
                 font-size: 14px; font-weight: 600; color: $ink; }
#readinessWord:hover { text-decoration: underline; }
#readinessWord:focus { border: none; text-decoration: underline; }

QPushButton { background: $raised; color: $ink; border: 1px solid $control_line; border-radius: 5px;
              padding: 5px 11px; }
QPushButton:hover { background: $panel; }
QPushButton:pressed { background: $line; }
QPushButton:disabled { background: $panel; color: $faint; border-color: $line; }
QPushButton:focus { border: 2px solid $focus; padding: 4px 10px; }
QPushButton#quiet { background: transparent; border: 1px solid transparent; color: $ink_soft; font-size: 12px;
                    padding: 1px 7px; }
QPushButton#quiet:hover { border-color: $control_line; color: $ink; }
QPushButton#quiet:focus { border: 1px solid $focus; padding: 1px 7px; }
QPushButton#quiet:disabled { color: $faint; background: transparent; border-color: transparent; }
QPushButton#quiet:checked { background: $line; color: $ink; }
QPushButton#primary { background: $ink; color: $panel; border-color: $ink; font-weight: 600; }
QPushButton#primary:hover { background: $ink_soft; }
QPushButton#primary:disabled { background: $panel; color: $faint; border-color: $line; }
QPushButton#primary:focus { border: 2px solid $focus; }
QPushButton[segment="first"] { border-top-right-radius: 0; border-bottom-right-radius: 0; }
QPushButton[segment="middle"] { border-radius: 0; border-left: none; }
QPushButton[segment="last"] { border-top-left-radius: 0; border-bottom-left-radius: 0; border-left: none; }
QPushButton[segment]:focus { border: 2px solid $focus; padding: 4px 10px; }
QPushButton[current="true"], QPushButton[current="true"]:disabled { background: $bar; color: $ink; font-weight: 600; }

#banner { background: $stop_red; }
#banner QLabel { color: $on_red; background: transparent; }
#banner #bannerTitle { font-size: 18px; font-weight: 700; }
#banner #bannerMeasured { font-size: 15px; font-weight: 600; }
#readiness { background: $raised; border-bottom: 1px solid $line; }
#conditions { background: $raised; border-bottom: 1px solid $line; }
QPushButton#chip { border: 1px solid transparent; border-radius: 3px; padding: 1px 7px; font-size: 12px;
                   font-weight: 600; }
QPushButton#chip[look="warning"] { background: $amber_ground; color: $on_yellow; }
QPushButton#chip[look="alarm"] { background: $stop_red; color: $on_red; }
QPushButton#chip[look="drill"] { background: $panel; color: $ink; border: 1px dashed $control_line; }
QPushButton#chip:hover { border: 1px solid $ink; }
QPushButton#chip:focus { border: 1px solid $focus; padding: 1px 7px; }
#notice { background: $amber_ground; color: $on_yellow; padding: 5px 14px; }

QSplitter::handle { background: transparent; }
QSplitter::handle:hover { background: $control_line; }
QTabWidget::pane { border: none; }
QTabWidget::tab-bar { left: 4px; }
QTabBar::tab { background: transparent; color: $ink_soft; padding: 3px 9px; border-bottom: 2px solid transparent; }
QTabBar::tab:selected { color: $ink; font-weight: 600; border-bottom-color: $ink_soft; }
QTabBar::tab:focus { color: $focus; }
QTableView { background: $panel; border: none; selection-background-color: $bar; selection-color: $ink;
             font-size: 12px; }
QTextBrowser { background: $panel; color: $ink; border: none; }
QProgressBar { background: $line; border: none; border-radius: 3px; }
QProgressBar::chunk { background: $bar_chosen; border-radius: 3px; }
QScrollArea, QScrollArea > QWidget > QWidget { background: transparent; border: none; }
QScrollBar:vertical { background: transparent; width: 10px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 10px; margin: 0; }
QScrollBar::handle { background: $control_line; border-radius: 4px; min-height: 24px; min-width: 24px; margin: 1px; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
""")


def stylesheet(colours: Colours) -> str:
    """The sheet for one theme."""
    names = {name: getattr(colours, name) for name in colours.__dataclass_fields__}
    return _SHEET.substitute(names, stop_red=STOP_RED, on_red=ON_RED, on_yellow=ON_YELLOW)
