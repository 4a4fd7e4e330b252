"""A spot as a JSON document: what a person writes to have it solved, and what a stored solution says it is of."""

import json
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, NonNegativeInt, PositiveInt, ValidationError

from engine.game.cards import DECK, CardError, card_index, parse_cards
from engine.game.range_notation import format as format_range
from engine.game.range_notation import parse as parse_range
from engine.game.ranges import RangeError, Weights
from engine.solver.spot import Rake, Spot, SpotError
from engine.solver.tree.settings import SizeError, StreetSizes, TreeSettings
from engine.solver.tree.sizes import format_sizes, parse_sizes

PLAYERS = ("oop", "ip")
STREETS = ("flop", "turn", "river")


class _Document(BaseModel):
    model_config = ConfigDict(strict=True, frozen=True, extra="forbid", allow_inf_nan=False)


class Sizes(_Document):
    """Sizes of one player on one street; null takes the document's own."""

    bets: str | None = None
    raises: str | None = None
    donk: str | None = None


class StreetDocument(_Document):
    """The sizes of both players on a street."""

    oop: Sizes = Sizes()
    ip: Sizes = Sizes()


class SpotDocument(_Document):
    """A spot in words (docs/solution_format.md). Amounts in chips; ``donk`` is for the river unless a street says
    otherwise.
    """

    board: str
    oop: str
    ip: str
    pot: PositiveInt
    stack: PositiveInt
    bets: str = ""
    raises: str = ""
    donk: str = ""
    flop: StreetDocument = StreetDocument()
    turn: StreetDocument = StreetDocument()
    river: StreetDocument = StreetDocument()
    rake: float = 0.0
    rake_cap: float = 0.0
    add_all_in: float = 1.5
    force_all_in: float = 0.15
    merge: float = 0.1
    most_raises: NonNegativeInt | None = None
    least_bet: PositiveInt = 1
    put_in: tuple[NonNegativeInt, NonNegativeInt] = (0, 0)
    to_act: Literal["oop", "ip"] = "oop"
    raises_made: NonNegativeInt = Field(0)

    @classmethod
    def read(cls, text: str) -> Self:
        """The document in ``text``. Raises SpotError, which names the key that is wrong."""
        try:
            return cls.model_validate_json(text)
        except ValidationError as problem:
            raise SpotError("; ".join(_told(dict(error)) for error in problem.errors())) from None

    @classmethod
    def of(cls, spot: Spot, *, ranges: bool = True) -> Self:
        """The document of a spot, every street with sizes of its own; without ``ranges`` where they stand elsewhere."""
        settings = spot.settings
        return cls(
            board="".join(DECK[card] for card in spot.board),
            oop=format_range(spot.ranges[0]) if ranges else "",
            ip=format_range(spot.ranges[1]) if ranges else "",
            pot=spot.pot,
            stack=spot.stack,
            flop=_street(settings.flop),
            turn=_street(settings.turn),
            river=_street(settings.river),
            rake=spot.rake.share,
            rake_cap=spot.rake.cap,
            add_all_in=settings.add_all_in,
            force_all_in=settings.force_all_in,
            merge=settings.merge,
            most_raises=settings.most_raises,
            least_bet=settings.least_bet,
            put_in=spot.bets,
            to_act="ip" if spot.to_act else "oop",
            raises_made=spot.raises,
        )

    def spot(self, ranges: tuple[Weights, Weights] | None = None) -> Spot:
        """The spot, with ``ranges`` in the place of the document's own. Raises SpotError, which names the key that is
        wrong.
        """
        return Spot(
            board=self._board(),
            ranges=ranges or (_range("oop", self.oop), _range("ip", self.ip)),
            pot=self.pot,
            stack=self.stack,
            settings=self._settings(),
            rake=Rake(self.rake, self.rake_cap),
            bets=self.put_in,
            to_act=PLAYERS.index(self.to_act),
            raises=self.raises_made,
        )

    def _board(self) -> tuple[int, ...]:
        try:
            return tuple(card_index(card) for card in parse_cards(self.board))
        except CardError as problem:
            raise SpotError(f"board: {problem}") from None

    def _settings(self) -> TreeSettings:
        try:
            return TreeSettings(
                flop=self._sizes("flop"),
                turn=self._sizes("turn"),
                river=self._sizes("river"),
                add_all_in=self.add_all_in,
                force_all_in=self.force_all_in,
                merge=self.merge,
                most_raises=self.most_raises,
                least_bet=self.least_bet,
            )
        except SizeError as problem:
            raise SpotError(str(problem)) from None

    def _sizes(self, street: str) -> tuple[StreetSizes, StreetSizes]:
        document: StreetDocument = getattr(self, street)
        donk = self.donk if street == "river" else ""
        return self._of(document.oop, f"{street}.oop", donk), self._of(document.ip, f"{street}.ip", "")

    def _of(self, own: Sizes, where: str, donk: str) -> StreetSizes:
        def key(name: str) -> str:
            return name if getattr(own, name) is None else f"{where}.{name}"

        def chosen(name: str, otherwise: str) -> str:
            given: str | None = getattr(own, name)
            return otherwise if given is None else given

        values = {"bets": chosen("bets", self.bets), "raises": chosen("raises", self.raises)}
        values["donk"] = chosen("donk", donk)
        parsed = {}
        for name, text in values.items():
            try:
                parsed[name] = parse_sizes(text, raises=name == "raises")
            except SizeError as problem:
                raise SpotError(f"{key(name)}: {problem}") from None
        return StreetSizes(**parsed)


def _street(sizes: tuple[StreetSizes, StreetSizes]) -> StreetDocument:
    def one(of: StreetSizes) -> Sizes:
        return Sizes(bets=format_sizes(of.bets), raises=format_sizes(of.raises), donk=format_sizes(of.donk))

    return StreetDocument(oop=one(sizes[0]), ip=one(sizes[1]))


def _range(name: str, text: str) -> Weights:
    try:
        return parse_range(text)
    except RangeError as problem:
        raise SpotError(f"{name}: {problem}") from None


def _told(error: dict[str, Any]) -> str:
    key = ".".join(str(part) for part in error["loc"])
    if error["type"] == "extra_forbidden":
        return f"{key}: unknown key; known are {', '.join(SpotDocument.model_fields)}"
    if error["type"] == "missing":
        return f"{key}: missing"
    if not key:
        return f"not JSON: {error['msg']}"
    return f"{key}: {json.dumps(error['input'], default=str)} - {error['msg']}"
