"""Documents as they are answered: of assets and of machine types."""

from andon.common.answer import Answer


class DocumentOut(Answer):
    """What one reads, and where it is: `/...` on these pages, or `https://...` elsewhere."""

    title: str
    url: str
