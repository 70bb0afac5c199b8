"""data/ and the declarations in templates/ -> the files to make, each with the digest of what it shows.

A plan is kept in the cache by the digest of all that it was read from: if nothing has changed, no YAML is read.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from enum import StrEnum
from functools import cached_property, partial
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from reports.build.manifest import digest_of_files, tools
from reports.cache import NO_CACHE, Cache
from reports.errors import Location, Problem, ReportsError
from reports.files import lies_in, paths_below
from reports.renderers import RENDERERS

if TYPE_CHECKING:  # they import pydantic, which takes longer than to see that nothing has changed
    from reports.dataset.dataset import Dataset
    from reports.documents.document import Document
    from reports.documents.view import View
    from reports.editions.editions import Comparison, Edition
    from reports.translations.changes import Teller
    from reports.translations.extraction import Words
    from reports.translations.texts import Text
    from reports.translations.translation import Translation
    from reports.translations.wording import Wording
    from reports.yamlfile import Keys, Plain

CACHE = ".cache"
DECLARATION, CATALOGUE = "document.yaml", ".po"
WITH_WORDS = (".j2", ".json", ".yaml")  # the files of templates that have words of their own


class Folders(NamedTuple):
    """The folders of the facts, of the templates and of the finished files."""

    data: Path
    templates: Path
    out: Path

    @property
    def cache(self) -> Path:
        """The folder of results that can be made again: figures, cut fonts, plans."""
        return self.out / CACHE


class OutputFile(NamedTuple):
    """One file to make: *document* in *language*, from *template*, at *path* below the output folder; *view* is the digest of its view.

    *dataset* is the id of the dataset that it shows.
    """

    dataset: str
    document: str
    language: str
    template: str
    path: str
    view: str

    @property
    def suffix(self) -> str:
        return Path(self.path).suffix


class OutputState(StrEnum):
    """The state of an output in a build; the value is what people read."""

    UP_TO_DATE = "up to date"
    STALE = "to be made"
    STARTED = "started"
    DOING = "doing"
    MADE = "made"
    FAILED = "not made"
    EDITED = "edited by hand, left as it is"


class Event(NamedTuple):
    """News of the output at *path*: why it is made, its new state, or what is being done to it; empty when nothing is new.

    Meanwhile so many results were *found* in the cache, and so many *cached* anew.
    """

    path: str = ""
    state: OutputState | None = None
    reasons: tuple[str, ...] = ()
    pages: int | None = None
    size: int = 0
    seconds: float = 0
    doing: str = ""
    found: int = 0
    cached: int = 0


Tell = Callable[[Event], None]


class Project:
    """The dataset and the documents of *folders*, read when they are first needed; a view is made once for each document.

    It shows the changes *since* the edition with that number, by default the last one, in one *language* or in all that the dataset
    declares; only a *draft* may have more untranslated passages than its document allows. *digest* is the one of all that the project is
    read from, before it is read. What each file of data holds is kept in *cache*.
    """

    def __init__(
        self,
        folders: Folders,
        names: Sequence[str] = (),
        cache: Cache = NO_CACHE,
        since: int | None = None,
        language: str | None = None,
        draft: bool = False,
    ) -> None:
        self.folders = folders
        self.names = names
        self.cache = cache
        self.since = since
        self.language = language
        self.draft = draft
        self._words: Mapping[str, Words] = {}
        self._wordings: dict[str, Wording] = {}
        self.digest = self._digest()
        self._views: dict[tuple[str, str], View] = {}
        self._translations: dict[str, Translation] = {}
        self._datasets: dict[str, Dataset] = {}
        self._past: dict[str, Dataset] = {}
        self._tellers: dict[tuple[str, int], Teller] = {}

    @cached_property
    def parts(self) -> tuple[tuple["Document", ...], "Dataset"]:
        """The documents and the dataset; raises ReportsError with the problems of both."""
        from reports.dataset.load import load_dataset
        from reports.documents.document import load_documents
        from reports.editions.checks import check_editions

        problems: list[Problem] = []
        try:
            documents = load_documents(self.folders.templates, self.names, RENDERERS)
        except ReportsError as error:
            problems += error.problems
        editions: Sequence[Edition] | None = None
        try:
            editions = self.editions
        except ReportsError as error:
            problems += error.problems
        try:
            published = frozenset(name.id for edition in editions or () for name in edition.snapshot.records)
            dataset = load_dataset(self.folders.data, self._known, published)
            problems += [] if problems else self._without_terms(dataset)
            problems += () if editions is None else check_editions(dataset, editions)
            problems += self._read_translations(dataset)
        except ReportsError as error:
            problems += error.problems
        if problems:
            raise ReportsError(*problems)
        for file in {entry.file for entry in dataset.entries}:
            self.cache.keep(_yaml_key(file.digest), partial(_to_json, file.data))
        is_first = self.since is None and all(edition.number >= dataset.about.edition for edition in self.editions)
        documents = tuple(document.of_dataset(dataset.about.slug) for document in documents)
        return tuple(document.without_changes() for document in documents) if is_first else documents, dataset

    @cached_property
    def editions(self) -> tuple["Edition", ...]:
        """The editions that were frozen; raises ReportsError with the problems of these."""
        from reports.editions.editions import load_editions

        return load_editions(self.folders.data)

    @cached_property
    def comparison(self) -> "Comparison | None":
        """The changes of the dataset that documents tell; raises ReportsError if there is no edition *since*."""
        from reports.editions.editions import compare
        from reports.editions.snapshot import snapshot_of

        return compare(snapshot_of(self.parts[1]), self.editions, self.folders.data, self.since)

    def _known(self, digest: str) -> "Plain | None":
        """Return what a YAML file with this *digest* holds, if a build has read it before: to parse it takes ten times as long."""
        content = self.cache.get(_yaml_key(digest))
        return None if content is None else json.loads(content)

    def _without_terms(self, dataset: "Dataset") -> Iterator[Problem]:
        """Yield the problem of each language in which the templates have no words."""
        from reports.dataset.model import About
        from reports.translations.terms import LOCALE, has_terms, languages_with_terms

        for entry, about in dataset.entries_of(About):
            declared: list[tuple[Keys, str]] = [(("languages", index), language) for index, language in enumerate(about.languages)]
            for keys, language in declared or [(("language",), about.language)]:
                if not has_terms(language, self.folders.templates):
                    known = ", ".join(languages_with_terms(self.folders.templates)) or "none"
                    message = f"the templates have no terms in '{language}'; they have: {known} (add {LOCALE}/{language}.yaml)"
                    yield entry.problem(message, *keys)

    def _read_translations(self, dataset: "Dataset") -> Iterator[Problem]:
        """Read the translations of *dataset* and of the templates into the languages asked for, and yield every problem of theirs."""
        from reports.translations.extraction import from_plain
        from reports.translations.translation import check_files, languages_of, load_translation
        from reports.translations.wording import is_original, load_wording

        yield from check_files(dataset)
        declared = languages_of(dataset)
        if self.language and self.language not in declared:
            known = ", ".join(declared)
            yield Problem(Location(dataset.folder), f"the dataset declares no language '{self.language}'; it declares: {known}")
        for language in declared:
            if language in (self.language or language,) and language != dataset.about.language:
                try:
                    self._translations[language] = load_translation(dataset, language, self._translations)
                except ReportsError as error:
                    yield from error.problems
            if language in (self.language or language,) and not is_original(language):
                try:
                    self._wordings[language] = load_wording(self.folders.templates, language)
                except ReportsError as error:
                    yield from error.problems
        if self._wordings:
            self._words = from_plain(json.loads(self._find_words()))

    def _find_words(self) -> bytes:
        """Return the words of the templates by their files, as JSON; to look for them takes longer than to keep them."""

        def find() -> bytes:
            from reports.translations.extraction import words_in

            return _to_json(words_in(self.folders.templates))

        files = [path for path in paths_below(self.folders.templates) if path.suffix in WITH_WORDS]
        return self.cache.keep(_to_json(["words", digest_of_files(self.folders.templates, files), dict(tools())]), find)

    @cached_property
    def languages(self) -> tuple[str, ...]:
        """The languages in which documents are made: all that the dataset declares, or the one asked for."""
        from reports.translations.translation import languages_of

        return tuple(language for language in languages_of(self.parts[1]) if language == (self.language or language))

    def dataset(self, language: str) -> "Dataset":
        """Return the dataset in *language*, one of those in which documents are made."""
        from reports.translations.translation import translated

        if language not in self._datasets:
            _, dataset = self.parts
            translation = self._translations.get(language)
            self._datasets[language] = translated(dataset, translation) if translation else dataset
        return self._datasets[language]

    def untranslated(self, view: "View") -> Iterator[Problem]:
        """Yield the problem of a *view* of which less is translated than its document promises, unless drafts are made."""
        from reports.translations.translation import catalogue_path
        from reports.translations.wording import wording_path

        missing, promised = len(view.untranslated), view.document.translated
        words = self.missing_words(view)
        if not self.draft and (view.passages - missing) * 100 < promised * view.passages:
            said = f"{missing} of {view.passages} passages of '{view.document.id}' have no translation"
            said += f", {words} of them words of templates" if words else ""
            message = f"{said}, and {promised} per cent are to have one: translate them, or say --draft"
            own, templates = catalogue_path(self.parts[1], view.language), wording_path(self.folders.templates, view.language)
            yield Problem(Location(own if words < missing else templates), message)

    def missing_words(self, view: "View") -> int:
        """Return how many words of templates there are among the untranslated passages of *view*."""
        return len({text.key for text in self._texts(view)}.intersection(view.untranslated))

    def is_current(self) -> bool:
        """Read what is not read yet; tell whether it is what the folders hold: nothing was saved while it was read, or since."""
        return bool(self.parts) and self._digest() == self.digest

    def _digest(self) -> str:
        data = digest_of_files(self.folders.data, paths_below(self.folders.data))  # a file that does not belong there is a problem
        # Of templates only the words matter to a plan, which counts them; to look for them takes longer than to read the data again.
        templates = [path for path in paths_below(self.folders.templates) if path.suffix in (*WITH_WORDS, CATALOGUE)]
        return data + digest_of_files(self.folders.templates, templates)

    def view(self, document: str, language: str) -> "View":
        """Return what the document of that id shows in *language*."""
        from reports.documents.view import make_view

        if (document, language) not in self._views:
            (declared,) = (candidate for candidate in self.parts[0] if candidate.id == document)
            view = make_view(self.dataset(language), declared, language, self.comparison)
            self._views[document, language] = self._worded(self._with_told_changes(view, self.comparison))
        return self._views[document, language]

    def _with_told_changes(self, view: "View", comparison: "Comparison | None") -> "View":
        """Return *view* with the changes of *comparison* in its language, if that is not the one of the data."""
        from reports.documents.view import with_told_changes
        from reports.translations.changes import Teller
        from reports.translations.translation import kept_words

        translation, language = self._translations.get(view.language), view.language
        if translation is None or comparison is None:
            return view
        key = language, comparison.since.number
        if key not in self._tellers:
            self._tellers[key] = Teller(self.dataset(language), (translation.words, kept_words(comparison.since.folder, language)))
        return with_told_changes(view, self._tellers[key])

    def _worded(self, view: "View") -> "View":
        """Return *view* with what the words of its templates are in its language, if they are written in another one."""
        from reports.documents.view import worded

        wording = self._wordings.get(view.language)
        return worded(view, self._texts(view), wording) if wording else view

    def _texts(self, view: "View") -> "tuple[Text, ...]":
        """Return the words of the templates of the document that *view* is of, if they are written in another language."""
        from reports.translations.extraction import texts_of

        document = view.document
        return texts_of(
            (f"{document.id}/{DECLARATION}", *document.outputs.values()), self._words if view.language in self._wordings else {}
        )

    def before(self, document: str, language: str, output: str) -> "View | Comparison | Sequence[Comparison] | None":
        """Return by what the file named *output* is to tell changes, if it is: Word tracks them from the view of the edition before.

        A feed has the changes of every edition. None also if that edition was not in *language*. Raises ReportsError if that edition's data
        are not as this program reads them.
        """
        from reports.documents.view import make_view
        from reports.editions.editions import compare

        (declared,) = (candidate for candidate in self.parts[0] if candidate.id == document)
        if output not in declared.changes or self.comparison is None:
            return None
        if output.endswith(".atom"):
            last = self.comparison.since.number
            every = [compare(edition.snapshot, self.editions, self.folders.data) for edition in self.editions if edition.number <= last]
            return [*filter(None, every), self.comparison]
        if not output.endswith(".docx"):
            return self.comparison
        since = self.comparison.since
        if language not in self._past:
            self._past[language] = edition_dataset(since, language)
        past = self._past[language]
        if language != past.about.language and not past.original:
            return None
        earlier = compare(since.snapshot, self.editions, self.folders.data)
        return self._worded(self._with_told_changes(make_view(past, declared, language, earlier), earlier))


def edition_dataset(edition: "Edition", language: str = "") -> "Dataset":
    """Return what the data held when *edition* was frozen: in *language*, if it was told in that, or else as they were.

    Raises ReportsError if they are not as this program reads them.
    """
    from tempfile import TemporaryDirectory

    from reports.dataset.load import load_dataset
    from reports.editions.editions import DATASET, write_edition
    from reports.translations.translation import languages_of, load_translation, translated

    with TemporaryDirectory() as folder:
        write_edition(edition, Path(folder))
        try:
            dataset = load_dataset(Path(folder), published=frozenset(name.id for name in edition.snapshot.records), is_issued=True)
            is_told = language != dataset.about.language and language in languages_of(dataset)
            return translated(dataset, load_translation(dataset, language)) if is_told else dataset
        except ReportsError as error:
            message = f"can't be read by this program, so that nothing can be compared with it: {error.problems[0].message}"
            raise ReportsError(Problem(Location(edition.folder / DATASET), message)) from None


def check_folders(folders: Folders) -> None:
    """Raise ReportsError if the output folder has to do with what it is made from: a build must not write there."""
    sources = {"data": folders.data, "templates": folders.templates}
    if lies_in(folders.templates, folders.cache):  # what was put together of two folders, which are looked at apart
        del sources["templates"]
    mixed = [name for name, folder in sources.items() if lies_in(folders.out, folder) or lies_in(folder, folders.out)]
    if mixed:
        message = f"can't take the finished files: it is, holds or lies in the folder of {' and of '.join(mixed)}; name another --out"
        raise ReportsError(Problem(Location(folders.out), message))


def read_plan(project: Project, cache: Cache, tools: Mapping[str, str]) -> tuple[OutputFile, ...]:
    """Return every file of the documents, in their order; raises ReportsError with every problem of data and declarations."""
    key = _to_json(["plan", project.digest, project.names, project.since, project.language, project.draft, dict(tools)])
    plan = cache.get(key)
    if plan is None:
        plan = made = _plan(project, cache)
        if project.is_current():  # else what was read may not be what has that digest
            cache.keep(key, lambda: made)
    return tuple(OutputFile(**row) for row in json.loads(plan))


def _plan(project: Project, cache: Cache) -> bytes:
    documents, dataset = project.parts
    identifier = dataset.about.dataset_id
    rows: list[Mapping[str, str]] = []
    problems: list[Problem] = []
    for document, language in product(documents, project.languages):
        view = project.view(document.id, language)
        problems += project.untranslated(view)
        cache.keep(_records_key(view.digest), partial(_to_json, view.record_digests))
        for name, template in document.outputs.items():
            rows.append(OutputFile(identifier, document.id, language, template, f"{language}/{name}", view.digest)._asdict())
    if problems:
        raise ReportsError(*problems)
    return _to_json(rows)


def changed_records(before: str, now: str, cache: Cache) -> tuple[str, ...]:
    """Return the ids of the records that differ between the views with the digests *before* and *now*; none if the cache knows not both."""
    kept = [cache.get(_records_key(view)) for view in (before, now)]
    older, newer = (json.loads(content) if content else {} for content in kept)
    return tuple(key for key in {**newer, **older} if older.get(key) != newer.get(key)) if all(kept) else ()


def _yaml_key(digest: str) -> bytes:
    return _to_json(["YAML", digest, dict(tools())])  # another program may refuse what this one takes


def _to_json(value: object) -> bytes:
    return json.dumps(value).encode()


def _records_key(view: str) -> bytes:
    return f"records of {view}".encode()
