"""templates/ and the templates beside the data -> one folder that has both, by the digest of what is in it.

Everything reads templates from one folder: Jinja, style sheets, figures, fonts, workers on other computers. So the two are put together
once, below the cache, and no reader has to know of two; a problem there is told at the file that the person wrote.
"""

import json
import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from reports.build.plan import Folders
from reports.errors import Problem, ReportsError
from reports.files import LEFTOVER, is_folder, names_in, paths_below, read_bytes, read_text, sha256, write_whole

MERGED, ORIGINS = "templates", "origins.json"  # in the folder of a digest, what is put together, and where it comes from
HEAD = "dataset.yaml"
KEPT = 8  # of what was put together last: a build that began before a save is still at work with its own
# A file of terms, and a catalogue, in which nothing differs.
NOTHING = {".yaml": b"{}\n", ".po": b'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n'}
DECLARED = re.compile(r"^templates:", re.MULTILINE)  # most datasets have none: their head is not parsed here


def with_own_templates(folders: Folders) -> Folders:
    """Return *folders* with templates in which each file beside the data is in the place of the same file of the house's.

    A file of terms, or a catalogue of words, stands beside the house's, in `locale/own/`: it has only what differs. Raises ReportsError
    if the folder that the head of the dataset declares is not there, or if a file can't be read.
    """
    own = own_templates(folders.data)
    if own is None:
        return folders
    house = _files(folders.templates)
    found = {_place(name, house): path for name, path in _files(own).items() if name in house or not _is_leftover(name)}
    # What only differs is there in any case, so that a document knows it when there is something to read.
    content = {_place(name, house): NOTHING[path.suffix] for name, path in house.items() if _place(name, house) != name}
    content |= {name: read_bytes(path, own if name in found else folders.templates) for name, path in {**house, **found}.items()}
    digest = sha256(json.dumps([str(folders.templates), str(own), {name: sha256(text) for name, text in content.items()}]).encode())
    folder = folders.cache / MERGED / digest
    if not (folder / ORIGINS).is_file():
        for name, text in content.items():
            write_whole(folder / MERGED / name, text, lasting=False)
        origins = {"house": str(folders.templates), "own": {name: str(path) for name, path in found.items()}}
        write_whole(folder / ORIGINS, json.dumps(origins).encode(), lasting=False)  # last: it says that all is there
        from shutil import rmtree  # a build that finds nothing to do needs none of it

        made = sorted(folder.parent.glob(f"*/{ORIGINS}"), key=lambda path: path.stat().st_mtime)
        for origin in made[:-KEPT]:
            rmtree(origin.parent, ignore_errors=True)
    return folders._replace(templates=folder / MERGED)


def at_origin(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Return *problems* at the files that people wrote, where they are of templates that were put together."""
    return tuple(problem._replace(location=problem.location._replace(path=_origin(problem.location.path))) for problem in problems)


def _origin(path: Path) -> Path:
    for folder in (parent for parent in (path, *path.parents) if parent.name == MERGED):
        with suppress(ReportsError, ValueError):
            origins: Mapping[str, Any] = json.loads(read_bytes(folder.parent / ORIGINS, folder.parent))
            name = path.relative_to(folder).as_posix()
            return Path(origins["own"].get(name) or Path(origins["house"], name))
    return path


def own_templates(data: Path) -> Path | None:
    """Return the folder of templates that the head of the dataset in *data* declares; None also if that can't be read, which others say."""
    try:
        declared = DECLARED.search(read_text(data / HEAD, data))
    except ReportsError:
        return None
    return _checked(data) if declared else None


def _checked(data: Path) -> Path | None:
    from reports.dataset.model import About
    from reports.validation import parse
    from reports.yamlfile import YamlFile

    try:
        file = YamlFile(data / HEAD, data)
    except ReportsError:
        return None
    about, _ = parse(About, file.data, file)
    if about is None or about.templates is None:
        return None
    if not is_folder(data / about.templates):
        raise ReportsError(Problem(file.locate(("templates",)), f"there is no folder '{about.templates}' beside this file"))
    names_in(data / about.templates, data)  # which refuses a folder that is elsewhere
    return data / about.templates


def _place(name: str, house: Mapping[str, Path]) -> str:
    """Return the place of the file *name* beside the data: that of the same file of the *house*, or beside it for what only differs."""
    from reports.translations.terms import LANGUAGE, LOCALE, OWN

    folder, _, file = name.rpartition("/")
    is_of_language = folder == LOCALE and LANGUAGE.fullmatch(Path(file).stem) and Path(file).suffix in NOTHING
    return f"{LOCALE}/{OWN}/{file}" if is_of_language and name in house else name


def _files(folder: Path) -> Mapping[str, Path]:
    """Return the files below *folder* by their names."""
    return {path.relative_to(folder).as_posix(): path for path in paths_below(folder) if path.is_file()}


def _is_leftover(name: str) -> bool:
    """Return true if the file *name* is hidden, or left over by an editor: templates have few of these, and the house's are known."""
    return any(LEFTOVER.fullmatch(part) for part in name.split("/"))
