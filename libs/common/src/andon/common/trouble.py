"""Trouble: what keeps a job from being done. It is logged once when it comes, and once when it is over."""

from structlog.stdlib import BoundLogger


class Trouble:
    """`why` says what is wrong just now, '' while nothing is; it may change meanwhile, and is not logged again then."""

    def __init__(self, log: BoundLogger, *, comes: str, over: str) -> None:
        self.why = ""
        self._log = log
        self._comes = comes
        self._over = over

    def say(self, why: str) -> None:
        """It is so now."""
        if why and not self.why:
            self._log.warning(self._comes, error=why)
        elif self.why and not why:
            self._log.info(self._over)
        self.why = why
