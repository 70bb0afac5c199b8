"""The parser of the command that is asked for: to give all two dozen their options takes longer than to read a plan."""

import argparse
from collections.abc import Sequence
from typing import Any


class _NotAsked(argparse.ArgumentParser):
    """The parser of a command that is only listed."""

    def __init__(self, **options: Any) -> None:
        """Prepare nothing."""

    def set_defaults(self, **defaults: Any) -> None:
        """Keep nothing."""

    def add_argument(self, *names: Any, **options: Any) -> Any:
        """Add nothing."""


def asked_in(arguments: Sequence[str]) -> Any:
    """Return what makes the parsers of commands, in the place of their class: only that of the command asked for in *arguments* parses."""
    asked = next((argument for argument in arguments if argument[:1] != "-"), "")

    def parser(prog: str, **options: Any) -> argparse.ArgumentParser:
        return argparse.ArgumentParser(prog=prog, **options) if prog.split()[-1] == asked else _NotAsked()

    return parser
