"""The small games that the solver is held against: ties, blockers, weights, rake, run-outs, locks, bets before the
root."""

from collections.abc import Mapping

from engine.game.cards import parse_cards
from tests.solver.reference.game import Game
from tests.solver.reference.listing import tree_of


def hands(text: str) -> Mapping[str, float]:
    """``"AsAh KdKc:0.5"``: hands with their weights."""
    pairs = (token.partition(":") for token in text.split())
    return {hand: float(weight or 1.0) for hand, _, weight in pairs}


ONE_BET = """
    Check
      Check
      Bet 100
        Fold
        Call
    Bet 100
      Fold
      Call
"""

TWO_SIZES_AND_A_RAISE = """
    Check
      Check
      Bet 60
        Fold
        Call
        AllIn 300
          Fold
          Call
      AllIn 300
        Fold
        Call
    Bet 60
      Fold
      Call
      Raise 180
        Fold
        Call
        AllIn 300
          Fold
          Call
    AllIn 300
      Fold
      Call
"""

FACING_A_BET = """
    Fold
    Call
    Raise 140
      Fold
      Call
      AllIn 350
        Fold
        Call
"""

TURN_AND_RIVER = """
    Check
      Check
        Deal
          Check
            Check
            Bet 75
              Fold
              Call
          Bet 75
            Fold
            Call
      Bet 50
        Fold
        Call
          Deal
            Check
              Check
              AllIn 150
                Fold
                Call
            AllIn 150
              Fold
              Call
    Bet 50
      Fold
      Call
        Deal
          Check
            Check
            AllIn 150
              Fold
              Call
          AllIn 150
            Fold
            Call
"""

TURN_ALL_IN = """
    Check
      Check
        Deal
          Check
            Check
            AllIn 150
              Fold
              Call
          AllIn 150
            Fold
            Call
      AllIn 150
        Fold
        Call
    AllIn 150
      Fold
      Call
"""

TURN_FACING_A_BET = """
    Fold
    Call
      Deal
        Check
          Check
          AllIn 160
            Fold
            Call
        AllIn 160
          Fold
          Call
    AllIn 200
      Fold
      Call
"""

DRY_RIVER = parse_cards("Td9d6hQc2s")
TIED_RIVER = parse_cards("AsKdQh7c7d")
TURN = parse_cards("Td9d6hQc")
PAIRED_TURN = parse_cards("KsKd8h3c")

GAMES = (
    Game(
        "river, one bet, nuts and air against bluff-catchers",
        DRY_RIVER,
        (hands("KhJh 5h4h 5c4c 3h3c"), hands("QhJc AhQd JsTs")),
        tree_of(ONE_BET, 100, 5),
    ),
    Game(
        "river, two sizes and raises, weighted ranges",
        DRY_RIVER,
        (
            hands("KhJh:0.5 TcTh QhTs:0.75 AhTs JsTc 7s5s KcJc:0.25 5h4h AdKd:0.9 6s6c"),
            hands("QdQh:0.3 9s9c AhQd:0.8 QsJs Ts8s 8c7c:0.6 AcKh 7h5h:0.35 KdJd Th8h:0.5"),
        ),
        tree_of(TWO_SIZES_AND_A_RAISE, 120, 5),
    ),
    Game(
        "river, ties: kickers that do not play and the same straight",
        TIED_RIVER,
        (hands("AhJc AcTh JdTd JsTs Kh2h Kc3c 5h5c 9s8s"), hands("AdJh Ad9c JhTc Ks4s 5d5s 6c6h QsJd AhTd")),
        tree_of(TWO_SIZES_AND_A_RAISE, 90, 5),
    ),
    Game(
        "river, blockers: most pairs of hands share a card",
        parse_cards("AsKsQs7d2c"),
        (hands("JsTs Js9c TsTh AhAd AhKh JcTc Ts9s:0.7"), hands("JsTc JdTs JsJh TsTd AhKd KhKc AdAc 9s8s")),
        tree_of(TWO_SIZES_AND_A_RAISE, 200, 5),
    ),
    Game(
        "river, a bet of 40 already made and to be answered",
        DRY_RIVER,
        (
            hands("AhQd QsJs TcTh KhJh:0.4 JsTs 8c7c AcKh 7h5h"),
            hands("QdQh:0.5 AdQh 9s9c KcJc 5h4h:0.8 AsJd KsTs"),
        ),
        tree_of(FACING_A_BET, 100, 5, to_act=0, bets=(0, 40)),
    ),
    Game(
        "river, one of two nodes is locked",
        DRY_RIVER,
        (hands("KhJh 5h4h 5c4c 3h3c AsQs"), hands("QhJc AhQd JsTs KcJc:0.5")),
        tree_of(ONE_BET, 100, 5),
        locks={6: {"QhJc": (0.9, 0.1), "AhQd": (0.25, 0.75), "JsTs": (1.0, 0.0), "KcJc": (0.0, 1.0)}},
    ),
    Game(
        "river, rake that has reached its cap with the starting pot",
        DRY_RIVER,
        (
            hands("KhJh TcTh QhTs:0.75 AhTs JsTc 7s5s 5h4h"),
            hands("QdQh:0.3 9s9c AhQd:0.8 QsJs Ts8s 8c7c:0.6 AcKh 7h5h"),
        ),
        tree_of(TWO_SIZES_AND_A_RAISE, 120, 5),
        rake=(0.05, 6.0),
    ),
    Game(
        "turn, bets on both streets",
        TURN,
        (hands("TcTh AdKd:0.6 KhJh QhJc 7s5s"), hands("AhQd JsTs:0.8 8c7c Ad2d 9s9c:0.5")),
        tree_of(TURN_AND_RIVER, 100, 4),
    ),
    Game(
        "turn, all-in before the river is dealt",
        TURN,
        (hands("QhJh AdKd KhJc:0.7 6s6c 8s7s"), hands("AhQd JsTs 8d7d Kd2d:0.9 QsTh")),
        tree_of(TURN_ALL_IN, 100, 4),
    ),
    Game(
        "turn, ties and a bet before the root",
        PAIRED_TURN,
        (hands("AhKh QcQd AcJc 8c8d:0.4 7h6h"), hands("AdQh KhQs:0.5 AsJs 8s7s JcTc")),
        tree_of(TURN_FACING_A_BET, 120, 4, to_act=0, bets=(0, 40)),
    ),
)
"""Constant-sum games, whose value the linear programme finds."""

RAKED = (
    Game(
        "river, 5% rake up to 12 chips",
        DRY_RIVER,
        GAMES[1].hands,
        GAMES[1].tree,
        rake=(0.05, 12.0),
    ),
    Game("turn, 4% rake up to 10 chips", TURN, GAMES[7].hands, GAMES[7].tree, rake=(0.04, 10.0)),
)
"""Games in which rake depends on the pot: not constant-sum, so only best replies can judge an answer."""
