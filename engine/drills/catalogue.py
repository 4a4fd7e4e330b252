"""The drills, by name, in the order in which they are run: first those in virtual time."""

from engine.drills import (
    actuator_misfire,
    agent_failure,
    component_restart,
    data_failure,
    kill_nine,
    panic_stop,
    recovery,
    resource_exhaustion,
    solver_partition,
)
from engine.drills.drill import Drill

CATALOGUE: dict[str, Drill] = {
    drill.name: drill
    for drill in (
        panic_stop.DRILL,
        solver_partition.DRILL,
        agent_failure.DRILL,
        component_restart.DRILL,
        actuator_misfire.DRILL,
        recovery.DRILL,
        resource_exhaustion.DRILL,
        data_failure.DRILL,
        kill_nine.DRILL,
    )
}
