"""The TimeBudgetTracker: how the time of one decision is split between the stages, and what each really took.

The rule, for a decision of 2 s with the configured shares:

- The decision begins with the capture of the picture that first showed our turn and ends 2 s later, whatever happens.
  Perception has until 0.2 s, the solver until 1.1 s, the advisers until 1.5 s, synthesis until 1.6 s, execution until
  2.0 s. Solver and advisers start side by side; the advisers' share is how much longer than the solver they may take.
- A stage that ends early gives its time to the next one: deadlines do not move back.
- A stage that ends late takes the overrun from the later stages that can give: first from the advisers down to a
  quarter of their share, then from the solver down to half of its share, then from the advisers and at last from the
  solver whatever is left. A stage that is below its floor by then is left out: it is not asked.
- Synthesis and execution always keep theirs: what has been thought has to be chosen and pressed.
- A solver that had to be asked anew takes from the advisers at once what they can give (``extend``).
- When resources are short (``shrink``) solver and advisers get a part of their shares and the decision ends earlier;
  perception, synthesis and execution keep theirs, because they do not choose how long they take.
"""

from collections import deque
from collections.abc import Iterator, Mapping

from engine.clock import MILLISECOND, Clock
from engine.words import Stage, StageBudget

FLOORS: dict[Stage, float] = {Stage.SOLVER: 0.5, Stage.ADVISERS: 0.25}
"""The part of its share below which a stage that gives is left out; the others give nothing."""
SHRINKING = (Stage.SOLVER, Stage.ADVISERS)


class TimeBudgetTracker:
    """Splits ``total`` ns by ``shares`` (they add up to 1) and keeps the last ``keep`` times of each stage.

    One thread calls it; ``summary`` may be called from any. All times are ns of the injected clock.
    """

    def __init__(self, clock: Clock, total: int, shares: Mapping[Stage, float], keep: int = 512) -> None:
        if total <= 0 or set(shares) != set(Stage) or abs(sum(shares.values()) - 1) > 1e-6:
            raise ValueError(f"a budget of {total} ns in shares {dict(shares)}: give every stage a share of one whole")
        self._clock = clock
        self._shares = {stage: round(total * shares[stage]) for stage in Stage}
        self._factor = 1.0
        self._allowed = dict(self._shares)
        self._floors = self._floors_now()
        self._ends = dict.fromkeys(Stage, 0)
        self._started: dict[Stage, int] = {}
        self._taken: dict[Stage, int] = {}
        self._samples = {stage: deque[float](maxlen=keep) for stage in Stage}
        self._counts = dict.fromkeys(Stage, 0)
        self._overruns = dict.fromkeys(Stage, 0)

    def begin(self, at: int) -> None:
        """A decision begins, at the capture of the picture that first showed our turn; perception is under way."""
        self._allowed = {stage: self._scaled(stage) for stage in Stage}
        self._floors = self._floors_now()
        end = at
        for stage in Stage:
            end += self._allowed[stage]
            self._ends[stage] = end
        self._started = {Stage.PERCEPTION: at}
        self._taken = {}

    def start(self, stage: Stage) -> None:
        """The stage begins now."""
        self._started[stage] = self._clock.now()

    def finish(self, stage: Stage, at: int | None = None) -> None:
        """The stage ends now, or ended ``at``; a stage that was not started counts for nothing."""
        began = self._started.pop(stage, None)
        if began is None:
            return
        now = self._clock.now() if at is None else at
        self._taken[stage] = now - began
        self._samples[stage].append((now - began) / MILLISECOND)
        self._counts[stage] += 1
        if now > self._ends[stage]:
            self._overruns[stage] += 1
            self._take(stage, now)

    def drop(self, stage: Stage) -> None:
        """The stage under way was given up: what it took says nothing, so it is not kept."""
        self._started.pop(stage, None)

    def deadline(self, stage: Stage) -> int:
        """When the stage has to be done in the decision under way."""
        return self._ends[stage]

    def remaining(self, stage: Stage) -> int:
        """Time until the stage's deadline, never negative."""
        return max(0, self._ends[stage] - self._clock.now())

    def left_out(self, stage: Stage) -> bool:
        """Whether so little is left of the stage's time that it is not worth asking."""
        return self._allowed[stage] < self._floors[stage]

    def taken(self) -> dict[str, int]:
        """What the stages of this decision that are done took, in ns by name."""
        return {str(stage): took for stage, took in self._taken.items()}

    def extend(self) -> None:
        """The solver is asked anew: it gets what the advisers can give."""
        given = max(0, self._allowed[Stage.ADVISERS] - self._floors[Stage.ADVISERS])
        self._allowed[Stage.ADVISERS] -= given
        self._allowed[Stage.SOLVER] += given
        self._ends[Stage.SOLVER] += given

    def shrink(self, factor: float) -> None:
        """From the next decision on solver and advisers get ``factor`` in (0, 1] of their shares."""
        if not 0 < factor <= 1:
            raise ValueError(f"a budget cannot shrink by {factor}: give more than 0 and at most 1")
        self._factor = factor

    def summary(self) -> tuple[StageBudget, ...]:
        """Every stage: its share, what it has now, and what it took."""
        return tuple(self._of(stage) for stage in Stage)

    def _scaled(self, stage: Stage) -> int:
        return round(self._shares[stage] * self._factor) if stage in SHRINKING else self._shares[stage]

    def _floors_now(self) -> dict[Stage, int]:
        return {stage: round(self._scaled(stage) * FLOORS.get(stage, 0.0)) for stage in Stage}

    def _take(self, stage: Stage, now: int) -> None:
        """Take an overrun from the later stages that can give, by the rule; the decision's end stays."""
        missing = now - self._ends[stage]
        for giver, floor in self._givers(stage):
            given = min(missing, max(0, self._allowed[giver] - floor))
            self._allowed[giver] -= given
            missing -= given
        end = now
        for later in self._later(stage):
            if later not in SHRINKING:
                break
            end += self._allowed[later]
            self._ends[later] = end

    def _givers(self, stage: Stage) -> Iterator[tuple[Stage, int]]:
        givers = [giver for giver in (Stage.ADVISERS, Stage.SOLVER) if giver in self._later(stage)]
        for giver in givers:
            yield giver, self._floors[giver]
        for giver in givers:
            yield giver, 0

    @staticmethod
    def _later(stage: Stage) -> tuple[Stage, ...]:
        stages = tuple(Stage)
        return stages[stages.index(stage) + 1 :]

    def _of(self, stage: Stage) -> StageBudget:
        samples = list(self._samples[stage])
        ranked = sorted(samples)
        median, high, highest = (_percentile(ranked, share) for share in (50, 95, 99))
        return StageBudget(
            stage=stage,
            share_ms=self._shares[stage] / MILLISECOND,
            allowed_ms=self._allowed[stage] / MILLISECOND,
            last_ms=samples[-1] if samples else None,
            p50_ms=median,
            p95_ms=high,
            p99_ms=highest,
            overruns=self._overruns[stage],
            count=self._counts[stage],
        )


def _percentile(ranked: list[float], share: int) -> float | None:
    return ranked[min(len(ranked) - 1, len(ranked) * share // 100)] if ranked else None
