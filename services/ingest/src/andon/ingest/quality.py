"""Quality: how far a device says that its values can be trusted, in OPC UA's words. Pure."""

from collections.abc import Mapping

from andon.common.errors import Reason, RefusedError
from andon.common.reading import Quality
from andon.ingest.decode import QUALITIES

GOOD = Quality.GOOD.value
_WORDS = frozenset(quality.value for quality in Quality)


def quality_of(said: str | Mapping[str, str] | None, key: str) -> str:
    """The quality of one value; good where nothing is said of it. said: of all values, or by sensor key.

    Raises:
        RefusedError: it is no such word; good would be more than was said.
    """
    word = said if isinstance(said, str) else (said or {}).get(key, GOOD)
    found = word.strip().lower()
    if found not in _WORDS:
        raise RefusedError(Reason.BAD_VALUE, f"'{key[:64]}': '{word[:40]}' is no quality; write {QUALITIES}")
    return found
