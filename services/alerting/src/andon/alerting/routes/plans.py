"""What the routes of policies, schedules and calendars have in common."""

from andon.common.api import Caller
from andon.common.auth import Principal, Role
from andon.common.errors import ForbiddenError


def require_planner(caller: Caller) -> None:
    """Refuse all but an engineer of the whole plant: a plan serves every part of it.

    Raises:
        ForbiddenError: another role, or an engineer of a part.
    """
    caller.require_role(Role.ENGINEER)
    _require_whole_plant(caller)


def require_watchkeeper(caller: Caller) -> None:
    """Refuse all but an operator of the whole plant: whoever is on call is so for every part of it.

    Raises:
        ForbiddenError: another role, or an operator of a part.
    """
    caller.require_role(Role.OPERATOR)
    _require_whole_plant(caller)


def _require_whole_plant(caller: Principal) -> None:
    if caller.scope:
        raise ForbiddenError(
            f"Policies, schedules and calendars serve the whole plant; your part of it is '{caller.scope}'"
        )
