"""The events of a build -> lines for a person, which move on a terminal; or JSON for machines."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reports.build.plan import Event, OutputState
from reports.errors import Problem, one_line

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

Say = Callable[[str], None]

ENDS = frozenset({OutputState.UP_TO_DATE, OutputState.MADE, OutputState.FAILED, OutputState.EDITED})


class Lines:
    """Says a line for each file when its end is known, and one when work on it begins; in a *dry* build, why it would be made.

    *quiet* says nothing of files that are up to date.
    """

    def __init__(self, out: Path, say: Say, dry: bool = False, quiet: bool = False) -> None:
        self.out, self.say, self.dry, self.quiet = out, say, dry, quiet
        self.reasons: dict[str, tuple[str, ...]] = {}

    def tell(self, event: Event) -> None:
        if not event.path and event.doing:
            self.say(event.doing)
        elif event.state == OutputState.STALE:
            self.reasons[event.path] = event.reasons
            if self.dry:
                self.say(f"{self.out / event.path}: {OutputState.STALE}{self._why(event)}")
        elif event.state == OutputState.STARTED:
            self.say(f"{self.out / event.path} …")
        elif event.state in ENDS and not (self.quiet and event.state == OutputState.UP_TO_DATE):
            self.say(f"{self.out / event.path}: {self._result(event)}")

    def _result(self, event: Event) -> str:
        if event.state != OutputState.MADE:
            return str(event.state)
        pages = f"{event.pages} page{'s' if event.pages > 1 else ''}, " if event.pages else ""
        return f"made, {pages}{event.size / 1000:.0f} kB, {event.seconds:.1f} s{self._why(event)}"

    def _why(self, event: Event) -> str:
        reasons = self.reasons.get(event.path, ())
        return f" ({one_line('; '.join(reasons))})" if reasons else ""  # a manifest may come from somebody else

    def close(self) -> None:
        """Nothing stays open."""


class Terminal(Lines):
    """The same on a terminal, where a file that is worked on has a line that says what is done to it, and for how long."""

    def __init__(self, out: Path, say: Say, dry: bool = False, quiet: bool = False) -> None:
        super().__init__(out, say, dry, quiet)
        self.bars: Progress | None = None
        self.rows: dict[str, TaskID] = {}

    def tell(self, event: Event) -> None:
        if event.state == OutputState.STARTED:
            if event.path not in self.rows:
                self.rows[event.path] = self._progress().add_task(str(self.out / event.path), total=None, doing="")
        elif event.state == OutputState.DOING:
            self._progress().update(self.rows[event.path], doing=event.doing)
        else:
            if event.path in self.rows and event.state in ENDS:
                self._progress().remove_task(self.rows.pop(event.path))
            super().tell(event)
        if self.bars:
            self.bars.refresh()

    def _progress(self) -> "Progress":
        if self.bars is None:
            from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

            texts = TextColumn("{task.description}"), TextColumn("{task.fields[doing]}", style="dim")
            # Without a thread that refreshes: a process that has threads can't be copied safely.
            self.bars = Progress(SpinnerColumn(), texts[0], TimeElapsedColumn(), texts[1], auto_refresh=False, transient=True)
            self.bars.start()
            console = self.bars.console
            self.say = lambda text: console.print(text, markup=False, highlight=False, soft_wrap=True)
        return self.bars

    def close(self) -> None:
        if self.bars:
            self.bars.stop()


class JsonLog:
    """The events of a build, kept for one JSON object at its end."""

    def __init__(self, out: Path) -> None:
        self.out = out
        self.files: dict[str, dict[str, Any]] = {}
        self.found = self.cached = 0

    def tell(self, event: Event) -> None:
        self.found += event.found
        self.cached += event.cached
        if event.state in ENDS | {OutputState.STALE}:
            row = self.files.setdefault(event.path, {"reasons": list(event.reasons)})
            row |= {"state": str(event.state)}
            if event.state == OutputState.MADE:
                row |= {"bytes": event.size, "pages": event.pages, "seconds": round(event.seconds, 3)}

    def to_json(self, problems: tuple[Problem, ...] = ()) -> str:
        named = [{**problem.location._asdict(), "path": str(problem.location.path), "message": problem.message} for problem in problems]
        cache = {"found": self.found, "made": self.cached}
        return json.dumps({"out": str(self.out), "files": self.files, "cache": cache, "problems": named}, indent=1, ensure_ascii=False)
