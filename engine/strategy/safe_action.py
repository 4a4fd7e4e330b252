"""SafeAction, the fallback of every failure: check if that is allowed, else fold."""

from engine.game.actions import Action, ActionKind, LegalActions
from engine.words import SafeActionError


def safe_action(legal: LegalActions | None) -> Action:
    """Check when it is free, else fold. SafeActionError when nobody is to act (``legal`` is None)."""
    if legal is None:
        raise SafeActionError("there is no safe action: nobody is to act; make no press and read the table again")
    return Action(ActionKind.CHECK if legal.can_check else ActionKind.FOLD)
