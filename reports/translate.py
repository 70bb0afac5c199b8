"""The catalogues of a dataset: drawn anew from its texts, and what is missing in them, by language and by document."""

from collections.abc import Iterator
from pathlib import Path

from reports.build.plan import Folders, Project
from reports.dataset.load import load_dataset
from reports.editions.editions import load_editions
from reports.errors import Location, Problem, ReportsError
from reports.files import is_file_named_in, write_whole
from reports.translations.catalogue import FUZZY, Catalogue, draw, read_catalogue
from reports.translations.glossary import read_glossary, worded_otherwise
from reports.translations.texts import texts
from reports.translations.translation import catalogue_path, has_catalogue, languages_of, load_translation


def translate(folders: Folders, language: str | None = None) -> Iterator[str]:
    """Draw the catalogues of all languages, or of *language*, from the data, and yield for each what is in it, in words.

    Raises ReportsError if the data, or a catalogue as a file, have problems; wrong translations keep none from being drawn.
    """
    published = frozenset(name.id for edition in load_editions(folders.data) for name in edition.snapshot.records)
    dataset = load_dataset(folders.data, published=published)
    asked = [each for each in languages_of(dataset) if has_catalogue(each, dataset) and each == (language or each)]
    if not asked:
        what = f"no language '{language}' with a catalogue" if language else f"no other language than '{dataset.about.language}'"
        raise ReportsError(Problem(Location(folders.data), f"the dataset declares {what}: see 'languages' in its head"))
    for each in asked:
        path = catalogue_path(dataset, each)
        before = read_catalogue(path, dataset.folder, each) if is_file_named_in(path, dataset.folder) else None
        catalogue = draw(path, each, texts(dataset, each).values(), before)
        if before is None or catalogue.to_bytes() != before.text.encode():
            write_whole(path, catalogue.to_bytes())
        yield f"{path}: {_counted(catalogue)}"


def _counted(catalogue: Catalogue) -> str:
    """Return in words how many of the texts in *catalogue* have no translation, or one of another text, and what is left over."""
    messages = [message for message in catalogue.file if not message.obsolete]
    fuzzy = sum(FUZZY in message.flags for message in messages)
    missing = sum(not message.msgstr for message in messages)
    return f"{len(messages)} texts, {missing} missing, {fuzzy} fuzzy; {len(catalogue.file) - len(messages)} unused"


def report(folders: Folders, language: str | None = None) -> Iterator[str]:
    """Yield what is missing in all languages, or in *language*: in each catalogue, with what differs in it, and in each document.

    Raises ReportsError if data or catalogues have problems.
    """
    project = Project(folders, language=language, draft=True)
    documents, dataset = project.parts
    glossary = read_glossary(dataset)
    for each in (each for each in project.languages if each != dataset.about.language):
        translation = load_translation(dataset, each)
        path: Path = translation.catalogue.path if translation.catalogue else catalogue_path(dataset, each)
        yield f"{path}: {_counted(translation.catalogue) if translation.catalogue else 'is not there yet: say it without --report'}"
        yield from (f"{warning}" for warning in (*translation.warnings, *worded_otherwise(dataset, translation, glossary)))
        for document in documents:
            view = project.view(document.id, each)
            said = f"{len(view.untranslated)} of {view.passages} passages have no translation"
            yield f"{each}, {document.id}: {said}; {document.translated} per cent are to have one"
