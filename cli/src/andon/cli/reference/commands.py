"""All commands as a page, of the command line itself."""

from collections.abc import Iterator
from typing import Any

import click
import typer

from andon.cli.reference.markdown import code, fence, line, table

INTRO = (
    "# Commands\n\n"
    "`.venv/bin/andon --help` says the same. What a command talks to, it finds by the [settings](settings.md): without "
    "any, the Andon of this machine.\n"
)


def page() -> str:
    """The page of `andon` and `andon-simulator`."""
    from andon.cli.__main__ import app as andon  # noqa: PLC0415 - it imports what makes this page
    from andon.simulator.app import app as simulator  # noqa: PLC0415

    parts = [INTRO]
    for name, app in (("andon", andon), ("andon-simulator", simulator)):
        command: Any = typer.main.get_command(app)
        found = list(_commands(name, command))
        rows = [(f"[`{path}`](#{path.replace(' ', '-')})", line(_help(one))) for path, one in found]
        parts.append(f"## {name.capitalize()}\n\n{table(('command', 'what it does'), rows)}")
        parts += [_command(path, one) for path, one in found]
    return "\n".join(parts)


def _commands(path: str, command: Any) -> Iterator[tuple[str, Any]]:
    """A command and what is below it, but what is hidden; a group only where it does something itself."""
    if isinstance(command, click.Group) or hasattr(command, "commands"):
        if command.invoke_without_command:
            yield path, command
        for name, inner in command.commands.items():
            if not inner.hidden:
                yield from _commands(f"{path} {name}", inner)
    else:
        yield path, command


def _help(command: Any) -> str:
    return (command.help or command.short_help or "").replace("[bold]", "").replace("[/]", "").strip()


def _command(path: str, command: Any) -> str:
    arguments = [one for one in command.params if one.param_type_name == "argument"]
    options = [one for one in command.params if one.param_type_name == "option" and one.name != "help"]
    usage = " ".join([path, *(_argument(one) for one in arguments), *(["[OPTIONS]"] if options else [])])
    rows = [(code(one.name.upper()), line(one.help or ""), "") for one in arguments]
    rows += [(code(_names(one)), line(one.help or ""), _default(one)) for one in options]
    return f"### {path}\n\n{_help(command)}\n\n{fence(usage, 'text')}\n{table(('', 'meaning', 'default'), rows)}"


def _argument(argument: Any) -> str:
    name = argument.name.upper() + ("..." if argument.nargs == -1 else "")
    return name if argument.required else f"[{name}]"


def _names(option: Any) -> str:
    names = ", ".join([*option.opts, *option.secondary_opts])
    return names if option.is_flag else f"{names} {option.name.upper().strip('_')}"


def _default(option: Any) -> str:
    value = option.default
    if callable(value) or value is None or value in ("", False) or type(value).__name__ == "Sentinel":
        return ""
    return code("on" if value is True else value)
