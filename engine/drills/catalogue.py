"""The drills, by name, in the order in which they are run."""

from engine.drills import kill_nine
from engine.drills.drill import Drill

CATALOGUE: dict[str, Drill] = {drill.name: drill for drill in (kill_nine.DRILL,)}
