"""Every error Andon raises on purpose.

    AndonError
    |-- BadRequestError      400  the caller's words are wrong
    |-- UnauthorizedError    401  nobody, or no longer anybody
    |-- ForbiddenError       403  somebody, but not allowed to
    |-- NotFoundError        404
    |-- ConflictError        409  true already, or changed meanwhile
    |-- TooLargeError        413
    |-- InvalidError         422  understood, and not valid
    |-- TooManyError         429  too often; wait as long as it says
    |-- UnavailableError     503  a neighbour is missing; try again
    `-- SetupError                a program cannot start; says what to do next

`RefusedError` is a reading's way out: it carries the dead-letter reason.
"""

from enum import StrEnum


class AndonError(Exception):
    """Root of all of Andon's errors.

    `status` is what HTTP answers, `title` the short name of the problem.
    """

    status = 500
    title = "Internal error"


class BadRequestError(AndonError):
    """The request cannot be understood."""

    status = 400
    title = "Bad request"


class UnauthorizedError(AndonError):
    """The caller did not prove who they are."""

    status = 401
    title = "Not signed in"


class ForbiddenError(AndonError):
    """The caller may not do this, or not here."""

    status = 403
    title = "Not allowed"


class NotFoundError(AndonError):
    """There is no such thing, or none the caller may see."""

    status = 404
    title = "Not found"


class ConflictError(AndonError):
    """The thing exists already, or changed meanwhile."""

    status = 409
    title = "Conflict"


class TooLargeError(AndonError):
    """The request is larger than is accepted."""

    status = 413
    title = "Too large"


class InvalidError(AndonError):
    """The request is understood, and not valid."""

    status = 422
    title = "Invalid input"


class TooManyError(AndonError):
    """The caller asks too often, and is to wait `seconds`."""

    status = 429
    title = "Too many requests"

    def __init__(self, message: str, seconds: int) -> None:
        super().__init__(message)
        self.seconds = seconds


class UnavailableError(AndonError):
    """A neighbour that is needed is missing just now."""

    status = 503
    title = "Not available now"


class SetupError(AndonError):
    """A program cannot start or go on. `hint` says what to do next."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


class Reason(StrEnum):
    """Why a message, or a part of it, became a dead letter."""

    MALFORMED = "malformed"
    TOO_LARGE = "too-large"
    BAD_TOPIC = "bad-topic"
    UNKNOWN_ASSET = "unknown-asset"
    UNKNOWN_SENSOR = "unknown-sensor"
    BAD_VALUE = "bad-value"
    BAD_TIME = "bad-time"
    FORBIDDEN = "forbidden"
    STORE_REFUSED = "store-refused"
    UNREADABLE_BATCH = "unreadable-batch"


class RefusedError(AndonError):
    """A reading, or a part of it, cannot be used; `reason` and `detail` go into the dead letter."""

    def __init__(self, reason: Reason, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail
