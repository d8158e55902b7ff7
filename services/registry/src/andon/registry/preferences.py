"""How somebody likes the pages: kept with the person, so that it is the same at every screen they sign in. Pure."""

from typing import Annotated, Literal, TypeAlias

from pydantic import AfterValidator, Field, StringConstraints

from andon.common.errors import InvalidError
from andon.common.times import time_zone
from andon.registry.names import Strict

Language: TypeAlias = Literal["", "en", "de"]
Theme: TypeAlias = Literal["", "light", "dark", "contrast"]

_EXTENSION = r"(-u(-[0-9A-Za-z][A-Za-z](-[0-9A-Za-z]{3,8})*)+)?"
"""Of Unicode, like `-u-nu-latn`: which digits."""
_TAG = rf"^([A-Za-z]{{2,3}}(-[A-Za-z]{{4}})?(-([A-Za-z]{{2}}|[0-9]{{3}}))?{_EXTENSION})?$"


def there(name: str) -> str:
    """Refuse what is no time zone; '' is none."""
    try:
        if name:
            time_zone(name)
    except InvalidError:
        raise ValueError(f"'{name:.64}' is no time zone; write for example Europe/Berlin, UTC, or ''") from None
    return name


Numbers = Annotated[str, StringConstraints(max_length=35, pattern=_TAG)]
Zone = Annotated[str, StringConstraints(max_length=64), AfterValidator(there)]


class PreferencesSpec(Strict):
    """How the caller likes the pages; '' is as the browser says, and what is left out is set back to that."""

    language: Language = ""
    theme: Theme = ""
    numbers: Numbers = Field(default="", description="Whose way numbers and dates are written in: de, de-CH, en-GB")
    zone: Zone = Field(default="", description="Whose clock is shown: an IANA name, Europe/Berlin")
    sound: bool = Field(default=False, description="Whether a new alarm is heard")
