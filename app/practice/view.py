"""What the practice table shows: frozen values, exactly the picture's content and nothing that is hidden."""

from dataclasses import dataclass, replace

from app.practice.geometry import SEATS

BACK = "back"
"""A card shown face down."""
CONTROL_KINDS = {"fold": ("fold",), "call": ("check", "call"), "raise": ("bet", "raise"), "all-in": ("all-in",)}
"""Which action kinds each control box can stand for; the first is what it says when it does not apply."""


@dataclass(frozen=True, slots=True)
class SeatView:
    """One seat slot. ``status``: empty, in, folded, all-in, out. ``cards``: "As", ``BACK`` or "" for no card."""

    seat: int
    status: str = "empty"
    name: str = ""
    stack: int = 0
    bet: int = 0
    cards: tuple[str, str] = ("", "")

    @property
    def present(self) -> bool:
        return self.status != "empty"


@dataclass(frozen=True, slots=True)
class ControlView:
    """One button: its action ``kind``, whether it can be pressed, and the amount beside its word (0: none)."""

    kind: str
    enabled: bool = False
    amount: int = 0


@dataclass(frozen=True, slots=True)
class FieldView:
    """The amount field: its digits, whether it can be used, and the toolkit looks focus, selection and caret."""

    text: str = ""
    enabled: bool = False
    focused: bool = False
    selected: bool = False

    @property
    def amount(self) -> int:
        return int(self.text) if self.text else 0


NO_CONTROLS = tuple(ControlView(kinds[0]) for kinds in CONTROL_KINDS.values())


@dataclass(frozen=True, slots=True)
class TableView:
    """The whole picture. ``turn`` and ``button`` are seats or -1; ``board`` has five places, "" for an empty one.

    ``turn_left`` is the fraction of the acting player's time left; ``wait_left`` the fraction of the pause that
    runs when nobody is to act (-1: none runs). ``arriving`` names the card boxes that are fading in and
    ``arrived`` how far (0 to 1).
    """

    hand_number: int
    seats: tuple[SeatView, ...]
    hole: tuple[str, str] = ("", "")
    board: tuple[str, ...] = ("",) * 5
    pot: int = 0
    button: int = -1
    turn: int = -1
    controls: tuple[ControlView, ...] = NO_CONTROLS
    field: FieldView = FieldView()
    turn_left: float = 1.0
    wait_left: float = -1.0
    arriving: frozenset[str] = frozenset()
    arrived: float = 1.0

    def __post_init__(self) -> None:
        if len(self.seats) != SEATS or len(self.board) != 5 or len(self.controls) != len(CONTROL_KINDS):
            raise ValueError("a table view has six seats, five board places and four buttons")

    def without_clocks(self) -> "TableView":
        """This view with both running bars taken out: what the rest of the picture depends on."""
        return replace(self, turn_left=0.0, wait_left=-1.0)


@dataclass(frozen=True, slots=True)
class Look:
    """The pointer's and keyboard's marks: the control hovered, the one held down, and the caret's phase."""

    hover: str = ""
    pressed: str = ""
    caret: bool = False
