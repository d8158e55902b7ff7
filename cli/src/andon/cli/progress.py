"""What `andon` shows while it works: a spinner and seconds on a terminal, plain lines elsewhere."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.markup import escape
from rich.progress import Progress as Bars
from rich.progress import ProgressColumn, SpinnerColumn, Task, TextColumn
from rich.text import Text
from typing_extensions import override

console = Console(highlight=False)
stderr = Console(highlight=False, stderr=True)
EVERY_SECONDS = 60.0
"""A line of what a long step is at, where there is no terminal."""


class Seconds(ProgressColumn):
    """How long a step has taken, or took."""

    max_refresh = None

    @override
    def render(self, task: Task) -> Text:
        """Seconds with one digit."""
        taken = task.finished_time if task.finished_time is not None else task.elapsed
        return Text(f"{taken or 0:6.1f} s", style="dim")


class Progress:
    """Steps that take a while; several may run at once."""

    def __init__(self, on: Console = console) -> None:
        self._console = on
        self._bars = Bars(
            TextColumn(" "),
            SpinnerColumn("dots", style="cyan", finished_text="[green]✓[/]"),
            TextColumn("{task.description:<44}"),
            Seconds(),
            console=on,
        )

    @contextmanager
    def shown(self) -> Iterator[None]:
        """Show steps while the body runs."""
        if self._console.is_terminal:
            with self._bars:
                yield
        else:
            yield

    @contextmanager
    def step(self, name: str) -> Iterator[Callable[[str], None]]:
        """One step: turning while the body runs, then done; a step that fails goes, its error tells.

        The body is given a function to tell what it is at: shown at once, or once a minute where there is no terminal.
        """
        begun = said = time.monotonic()
        task = self._bars.add_task(name, total=1)

        def at(what: str) -> None:
            nonlocal said
            if self._console.is_terminal:
                self._bars.update(task, description=escape(printable(f"{name}: {what}")))
            elif (now := time.monotonic()) >= said + EVERY_SECONDS:
                said = now
                say("·", f"{name}: {what}", on=self._console)

        try:
            yield at
        except BaseException:
            self._bars.remove_task(task)
            raise
        self._bars.update(task, completed=1, description=name)
        if not self._console.is_terminal:
            say("✓", f"{name:<44}{time.monotonic() - begun:6.1f} s", on=self._console)


_STYLES = {"✓": "green", "✗": "bold red", "!": "yellow", "·": "dim"}


def say(mark: str, text: str, *, on: Console = console) -> None:
    """One line: `✓`, `✗`, `!` or `·`, and a sentence; further lines are indented below it."""
    first, *rest = map(printable, text.splitlines() or [""])
    on.print(Text.assemble("  ", (mark, _STYLES.get(mark, "")), " ", first), soft_wrap=True)
    for line in rest:
        on.print(Text(f"    {line}"), soft_wrap=True)


def printable(text: str) -> str:
    """The same, with what is no letter shown as such: words of a device must not steer the terminal."""
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in text)


def hint(text: str, *, on: Console = console) -> None:
    """The next step, below an error."""
    for line in text.splitlines():
        on.print(Text.assemble("    ", ("→ ", "cyan"), line), soft_wrap=True)
