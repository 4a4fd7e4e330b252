"""SafeAction, the fallback of every failure: check if that is allowed, else fold."""

from engine.game.actions import Action, ActionKind, LegalActions
from engine.game.state import TableState
from engine.words import ActionValue, Decision, SafeActionError


def safe_action(legal: LegalActions | None) -> Action:
    """Check when it is free, else fold. SafeActionError when nobody is to act (``legal`` is None)."""
    if legal is None:
        raise SafeActionError("there is no safe action: nobody is to act; make no press and read the table again")
    return Action(ActionKind.CHECK if legal.can_check else ActionKind.FOLD)


def safe_decision(state: TableState, seed: int, why: str) -> Decision:
    """The safe action as a decision that says why; SafeActionError when nobody is to act."""
    action = safe_action(state.legal)
    return Decision(
        hand_id=state.hand_id,
        action=action,
        distribution=(ActionValue(action, 1.0, 0.0),),
        reasons=(f"the safe action, because {why}",),
        source="safe",
        alpha=1.0,
        seed=seed,
        fallback=True,
    )
