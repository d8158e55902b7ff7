"""Documents of a machine, a machine type or a place: manuals, drawings, instructions, each an address. Pure."""

from typing import Annotated, Any

from pydantic import Field

from andon.registry.addresses import Reachable
from andon.registry.names import Name, Strict

MAX_DOCUMENTS = 20


class DocumentSpec(Strict):
    """What one reads, and where it is: `/...` on these pages, or `https://...` elsewhere."""

    title: Name
    url: Reachable


Documents = Annotated[list[DocumentSpec], Field(max_length=MAX_DOCUMENTS)]


def written(documents: list[DocumentSpec]) -> list[dict[str, Any]]:
    """Documents as the database keeps them."""
    return [document.model_dump() for document in documents]
