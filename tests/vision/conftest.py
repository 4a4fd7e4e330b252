"""The eyes' tests paint without a display: the platform is chosen before Qt is imported."""

import os

os.environ["QT_QPA_PLATFORM"] = "offscreen"
