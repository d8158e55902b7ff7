"""Quality: how far a device says that its values can be trusted, in OPC UA's words. Pure."""

from collections.abc import Mapping

from andon.common.errors import Reason, RefusedError
from andon.common.reading import Quality
from andon.ingest.decode import QUALITIES

GOOD = Quality.GOOD.value
LONGEST = 40
"""Characters of such a word, with the spaces around it; what is longer is none, and is not looked at."""
_WORDS = frozenset(quality.value for quality in Quality)


def quality_of(said: str | Mapping[str, str] | None, key: str) -> str:
    """The quality of one value; good where nothing is said of it. said: of all values, or by sensor key.

    Raises:
        RefusedError: it is no such word; good would be more than was said.
    """
    word = said if isinstance(said, str) else (said or {}).get(key, GOOD)
    found = _plain(word)
    if found not in _WORDS:
        raise RefusedError(Reason.BAD_VALUE, f"'{key[:64]}': '{word[:LONGEST]}' is no quality; write {QUALITIES}")
    return found


def is_good(said: str | Mapping[str, str] | None) -> bool:
    """Whether all values are good, said in one word or in none."""
    return said is None or (isinstance(said, str) and _plain(said) == GOOD)


def _plain(word: str) -> str:
    return word.strip().lower() if len(word) <= LONGEST else ""
