"""The catalogues of a dataset and of templates: drawn anew from their texts, and what is missing in them, by language and by document."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from reports.build.overlay import own_templates
from reports.build.plan import Folders, Project
from reports.dataset.load import load_dataset
from reports.editions.editions import load_editions
from reports.errors import Location, Problem, ReportsError
from reports.files import is_file_named_in, write_whole
from reports.translations.catalogue import FUZZY, Catalogue, draw, is_translated, read_catalogue
from reports.translations.extraction import words_in
from reports.translations.glossary import read_glossary, worded_otherwise
from reports.translations.texts import Key, Text, texts
from reports.translations.translation import catalogue_path, has_catalogue, languages_of, load_translation
from reports.translations.wording import has_wording, is_original, load_wording, wording_path


def translate(folders: Folders, language: str | None = None) -> Iterator[str]:
    """Draw the catalogues of all languages, or of *language*, from data and templates, and yield for each what is in it, in words.

    Raises ReportsError if the data, or a catalogue as a file, have problems; wrong translations keep none from being drawn.
    """
    published = frozenset(name.id for edition in load_editions(folders.data) for name in edition.snapshot.records)
    dataset = load_dataset(folders.data, published=published)
    languages = [each for each in languages_of(dataset) if each == (language or each)]
    told = [each for each in languages if has_catalogue(each, dataset)]
    worded = [each for each in languages if has_wording(each, folders.templates, languages_of(dataset))]
    if not told and not worded:
        what = f"no language '{language}' with a catalogue" if language else f"no other language than '{dataset.about.language}'"
        raise ReportsError(Problem(Location(folders.data), f"the dataset declares {what}: see 'languages' in its head"))
    words = _words(folders.templates) if worded else ()
    for each in dict.fromkeys((*told, *worded)):
        if each in told:
            yield _redraw(catalogue_path(dataset, each), dataset.folder, each, texts(dataset, each).values())
        if each in worded:
            yield _redraw(wording_path(folders.templates, each), folders.templates, each, words)
    if own := own_templates(folders.data):
        yield from _redraw_own(own, worded, words)


def _redraw_own(own: Path, languages: Iterable[str], house: Iterable[tuple[Text, str]]) -> Iterator[str]:
    """Draw the catalogues of the folder *own*, beside the data, of words that the *house* lacks or that are told otherwise there."""
    known, words = {text.key for text, _ in house}, _words(own)
    for language in languages:
        path = wording_path(own, language)
        before = read_catalogue(path, own, language).messages if is_file_named_in(path, own) else {}
        found = [told for told in words if told[0].key not in known] + [told for told in house if told[0].key in before]
        if found:
            yield _redraw(path, own, language, found)


def _words(templates: Path) -> Iterable[tuple[Text, str]]:
    """Return every text of *templates*, with the first file that it stands in; one that some place tells with a number has its plural."""
    found: dict[Key, tuple[Text, str]] = {}
    for name, words in words_in(templates).items():
        for text in words.texts:
            known, file = found.get(text.key, (text, name))
            found[text.key] = (known if known.plural else text, file)
    return found.values()


def _redraw(path: Path, folder: Path, language: str, texts: Iterable[tuple[Text, str]]) -> str:
    """Draw the catalogue *path*, which lies in *folder*, anew from *texts*, and return what is in it, in words."""
    before = read_catalogue(path, folder, language) if is_file_named_in(path, folder) else None
    catalogue = draw(path, language, texts, before)
    if before is None or catalogue.to_bytes() != before.text.encode():
        write_whole(path, catalogue.to_bytes())
    return f"{path}: {_counted(catalogue)}"


def _counted(catalogue: Catalogue) -> str:
    """Return in words how many of the texts in *catalogue* have no translation, or one of another text, and what is left over."""
    messages = [message for message in catalogue.file if not message.obsolete]
    fuzzy = sum(FUZZY in message.flags for message in messages)
    missing = sum(not is_translated(message) for message in messages if FUZZY not in message.flags)
    return f"{len(messages)} texts, {missing} missing, {fuzzy} fuzzy; {len(catalogue.file) - len(messages)} unused"


def report(folders: Folders, language: str | None = None) -> Iterator[str]:
    """Yield what is missing in all languages, or in *language*: in each catalogue, with what differs in it, and in each document.

    Raises ReportsError if data or catalogues have problems.
    """
    project = Project(folders, language=language, draft=True)
    documents, dataset = project.parts
    glossary = read_glossary(dataset)
    for each in project.languages:
        translation = load_translation(dataset, each) if each != dataset.about.language else None
        if translation:
            yield _told(translation.catalogue, catalogue_path(dataset, each))
            yield from map(str, (*translation.warnings, *worded_otherwise(dataset, translation, glossary)))
        if not is_original(each):
            yield _told(load_wording(folders.templates, each).catalogue, wording_path(folders.templates, each))
        for document in documents if translation else ():
            view = project.view(document.id, each)
            missing, words = len(view.untranslated), project.missing_words(view)
            said = f"{missing} of {view.passages} passages have no translation, {words} of them words of templates"
            yield f"{each}, {document.id}: {said}; {document.translated} per cent are to have one"


def _told(catalogue: Catalogue | None, path: Path) -> str:
    """Return in words what is in *catalogue*, which has its place at *path* if there is none yet."""
    return f"{catalogue.path}: {_counted(catalogue)}" if catalogue else f"{path}: is not there yet: say it without --report"
