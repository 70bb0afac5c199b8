"""A page's HTML -> the fragments of a PDF: each piece laid out alone, side by side in several processes, and the margins of its pages.

A fragment is kept in the cache by all that it depends on: after an edit, only those that it touches are made again.
"""

import gc
import json
import logging
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cached_property
from math import ceil
from typing import NamedTuple
from xml.etree import ElementTree as ET
from xml.etree.ElementTree import Element

from reports.cache import Cache
from reports.errors import ReportsError
from reports.files import sha256
from reports.processes import collect_garbage, end_with_parent, processes
from reports.renderers.fonts import Fonts
from reports.renderers.pdf import pieces
from reports.renderers.pdf.fragment import Fragment, pack, read_fragment, write_fragment
from reports.renderers.pdf.layout import Laid, Typesetter, last_start, page_that_begins
from reports.renderers.pdf.margins import EmptyPage, empty_pages
from reports.renderers.pdf.pieces import Cutter, Piece
from reports.renderers.pdf.structure import Tagger

PAGES, OVER = 2, 0.3  # pages of a piece that goes on with another one, and what is laid out of the page behind them
LONG = 4  # times as long as another piece: one before whose layout garbage is collected, however little it is
ASKING = "data-page"  # the attribute of a link that has the number of the page that it leads to
MOST_ROUNDS = 8  # of laying out again what shows page numbers
MOST_TASKS = 100  # of the processes of one pool: each piece leaves half a megabyte behind, in Pango and in gaps between objects


class UncutError(Exception):
    """A document that can't be laid out in pieces: what stands in one of them depends on others."""


class UnsettledError(Exception):
    """A document that has no layout in which every link shows the number of the page that it leads to."""


class LongError(Exception):
    """A document that has more pages than it may have."""


class PieceTask(NamedTuple):
    """A piece to lay out: that of *part* which begins with the element *start* of its starts, or with it, and has so many *letters*."""

    part: int
    start: int | None
    letters: int

    def behind(self, following: int | None) -> int | None:
        """Return the number in its part of the element that is *following* behind the first of this piece."""
        return None if following is None else following + (0 if self.start is None else self.start + 1)


class MarginsTask(NamedTuple):
    """The margins of *pages*, of which the first has the number *first*, of *total*; *before* is what earlier pages have set."""

    first: int
    total: int
    before: EmptyPage | None
    pages: Sequence[EmptyPage]


Task = PieceTask | MarginsTask | None  # None: the document as a whole


class Composed(NamedTuple):
    """A piece in its document: its *fragment*, that of the *margins* of its pages, and the elements that it shares, by their id()."""

    fragment: Fragment
    margins: Fragment | None
    shared: Sequence[int]


@dataclass
class Composer:
    """Lays out the HTML *root*, whose style sheets declare *fonts*, in up to *jobs* processes.

    *name* tells it from other documents. *make_typesetter* is asked for what sets its pages, if any have to be. Fragments are looked up in
    *cache* and kept in *store* by all that they depend on: *depends*, their own HTML, and what *digest* gives for the address of a
    picture. A document that has more pages than *most* is not laid out to its end.
    """

    root: Element
    fonts: Fonts
    make_typesetter: Callable[[], Typesetter]
    name: str
    depends: str
    digest: Callable[[str], str]
    cache: Cache
    store: Cache
    jobs: int
    most: int | None = None
    _keys: dict[Task, bytes] = field(default_factory=dict)
    _showing: set[Task] = field(default_factory=set)  # of these, the pieces that have links which show page numbers
    _fragments: dict[bytes, Fragment] = field(default_factory=dict)
    programs: dict[str, bytes] = field(default_factory=dict)
    _pool: ProcessPoolExecutor | None = None
    _submitted: set[Task] = field(default_factory=set)

    @cached_property
    def cutter(self) -> Cutter:
        return Cutter(self.root)

    @cached_property
    def typesetter(self) -> Typesetter:
        return self.make_typesetter()

    @cached_property
    def asking(self) -> Sequence[Element]:
        """The links that show the number of the page that they lead to."""
        return [link for link in self.root.iter("a") if ASKING in link.attrib]

    def compose(self, is_cut: bool = True) -> list[Composed]:
        """Return the pieces of the document, in order; one alone, unless it *is_cut*.

        Raises ReportsError, TagsError, UnsettledError, LongError, and whatever WeasyPrint stumbles over.
        """
        if is_cut and len(self.cutter.firsts) > 1:
            with suppress(UncutError), self._processes():
                return self._in_pieces()
        whole: Task = None
        (fragment,) = self._numbered(lambda: [self._get([whole])[whole]])
        return [Composed(fragment, None, ())]

    def _in_pieces(self) -> list[Composed]:
        tasks: list[PieceTask] = []

        def lay_out() -> list[Fragment]:
            firsts = [PieceTask(part, None, pieces.SIZE) for part in range(len(self.cutter.firsts))]
            found = self._get(firsts if self.most else [*firsts, *self._ahead()])
            tasks[:] = [task for first in firsts for task in self._chain(first, found)]
            return [found[task] for task in tasks]

        fragments = self._numbered(lay_out)
        self._note(tasks)
        margins = [*_margins(fragments)]
        made = self._get(margins)
        return [
            Composed(fragment, made[margin], [*map(id, self._shared(task, fragment.following))])
            for task, fragment, margin in zip(tasks, fragments, margins, strict=True)
        ]

    def _numbered(self, lay_out: Callable[[], list[Fragment]]) -> list[Fragment]:
        """Return what *lay_out* returns when every link that asks for it has the number of the page that it leads to."""
        for _ in range(MOST_ROUNDS):
            fragments = lay_out()
            numbers: dict[str, int] = {}
            for number, page in enumerate((page for fragment in fragments for page in fragment.pages), start=1):
                for anchor in page.anchors:
                    numbers.setdefault(anchor, number)
            asked = {link: str(numbers.get(link.get("href", "")[1:], "")) for link in self.asking}
            if all(link.get(ASKING) == shown for link, shown in asked.items()):
                break
            for link, shown in asked.items():
                link.set(ASKING, shown)
            for task in self._showing:
                self._keys.pop(task, None)
        else:
            raise UnsettledError(f"the page numbers that links show with '{ASKING}' move their aims to other pages, again and again")
        return fragments

    def _get(self, tasks: Iterable[Task]) -> dict[Task, Fragment]:
        """Return the fragments of *tasks*, and of the pieces that go on with them; raises LongError as soon as they have too many pages."""
        found: dict[Task, Fragment] = {}
        waiting, ready, running = [*(known := dict.fromkeys(tasks))], list[Task](), dict[Future[Counter[str]], Task]()
        while waiting or ready or running:
            ready += self._take(waiting, found, known)
            if self.most and sum(len(fragment.pages) for fragment in found.values()) + len(known) - len(found) > self.most:
                raise LongError
            while ready and len(running) < self.jobs:
                # The longest: others fill the time that its part takes. Where there may be too many, those behind may not be needed.
                task = ready[0] if self.most else max(ready, key=self._length)
                ready.remove(task)
                if (ready or running or self._pool) and self._is_pooled(task):
                    running[self._submit(task)] = task
                else:
                    self._fragments[self._key(task)] = read_fragment(self.make(task))
                    waiting.append(task)
                    break
            if running:
                done = wait(running, 0 if waiting else None, FIRST_COMPLETED).done
                waiting += [running.pop(future) for future in done if self._is_done(future)]
        return found

    def _length(self, task: Task) -> int:
        """Return how long *task* and what goes on with it will take, beside others of its kind."""
        if isinstance(task, PieceTask):
            return self.cutter.letters(task.part, task.start)
        return len(task.pages) if task else 0

    def _take(self, waiting: list[Task], found: dict[Task, Fragment], known: dict[Task, None]) -> list[Task]:
        """Put the fragments of the tasks *waiting*, and of what goes on with them, into *found*; return the tasks without one.

        What goes on with them may be *known* already, as one of last time.
        """
        missing = []
        while waiting:
            task = waiting.pop(0)
            if (fragment := self._kept(task)) is None:
                missing.append(task)
                continue
            found[task] = fragment
            if (following := self._following(task, fragment)) and following not in known:
                known[following] = None
                waiting.append(following)
        return missing

    def _following(self, task: Task, fragment: Fragment) -> PieceTask | None:
        """Return the piece that goes on with *task*: as many letters as PAGES have, so that little of the page behind is laid out twice."""
        if not isinstance(task, PieceTask):
            return None
        if fragment.is_short:
            more = min(task.letters // 2, max(2 * pieces.SIZE, task.letters // 4))  # little of a page that is not needed, in few attempts
            return task._replace(letters=task.letters + more)
        if fragment.following is None:
            return None
        start = task.behind(fragment.following)
        letters = self.cutter.letters(task.part, task.start) - self.cutter.letters(task.part, start)
        steps = letters / len(fragment.pages) * (PAGES + OVER) / (pieces.SIZE // 20)  # so that a letter more makes no other piece
        return PieceTask(task.part, start, max(1, ceil(steps)) * (pieces.SIZE // 20))

    def _chain(self, task: PieceTask | None, found: Mapping[Task, Fragment]) -> Iterator[PieceTask]:
        """Yield *task* and those that go on with it; raises UncutError if one of them does not fit."""
        while task:
            if not found[task].fits:
                raise UncutError
            if not found[task].is_short:
                yield task
            task = self._following(task, found[task])

    def _ahead(self) -> list[PieceTask]:
        """Return the pieces of last time: where a part has as many elements as then, none has to wait for the one before it."""
        with suppress(ValueError, TypeError, IndexError):
            noted = [(PieceTask(*task), count) for *task, count in json.loads(self.cache.get(self._hint) or b"[]")]
            return [task for task, count in noted if len(self.cutter.starts[task.part]) == count]
        return []

    def _note(self, tasks: Sequence[PieceTask]) -> None:
        self.store.note(self._hint, json.dumps([[*task, len(self.cutter.starts[task.part])] for task in tasks]).encode())

    @property
    def _hint(self) -> bytes:
        return f"pieces of {self.name}".encode()

    def _is_pooled(self, task: Task) -> bool:
        """Tell whether another process may do *task*: it has the page's HTML as it was when it began, and is not asked twice."""
        is_new = self._pool is None or task not in self._showing
        return self.jobs > 1 and is_new and task not in self._submitted and processes().get_start_method() == "fork"

    def _submit(self, task: Task) -> "Future[Counter[str]]":
        self._submitted.add(task)
        if self._pool and len(self._submitted) % MOST_TASKS == 0:
            self._pool.shutdown()  # not while it is at work: a process with threads can't be copied safely
            self._pool = None
        if self._pool is None:
            _ = self.typesetter  # of which the processes are copies then
            self._pool = ProcessPoolExecutor(self.jobs, processes(), _begin)
        try:
            return self._pool.submit(_make, task)
        except BrokenProcessPool as error:  # one of its processes has died since the last look
            future: Future[Counter[str]] = Future()
            future.set_exception(error)
            return future

    def _is_done(self, future: "Future[Counter[str]]") -> bool:
        """Return true when *future* is done, or can't be: if its process has died, this one does what is left, or dies of the same."""
        try:
            self.store.counts.update(future.result())
        except BrokenProcessPool:
            self._pool, self.jobs = None, 1
        return True

    @contextmanager
    def _processes(self) -> Iterator[None]:
        """Let processes that are begun within be copies that know of this composer, and let none be left."""
        _composers.append(self)
        try:
            yield
        finally:
            _composers.pop()
            if self._pool:
                self._pool.shutdown(cancel_futures=True)
                self._pool = None

    def _tree(self, task: Task) -> Element:
        """Return the HTML that is laid out for *task*."""
        if isinstance(task, MarginsTask):
            return empty_pages(self.root, task.before, task.pages)
        return self.cutter.cut(*task).root if task else self.cutter.whole()

    def _key(self, task: Task) -> bytes:
        """Return the digest of all that the fragment of *task* depends on."""
        if task not in self._keys:
            tree = self._tree(task)
            pictures = {address: self.digest(address) for image in tree.iter("img") if (address := image.get("src"))}
            numbers = (task.first, task.total) if isinstance(task, MarginsTask) else ()
            html = ET.tostring(tree, "unicode")
            if ASKING in html:
                self._showing.add(task)
            self._keys[task] = sha256(json.dumps([self.depends, type(task).__name__, numbers, pictures, html]).encode()).encode()
        return self._keys[task]

    def _kept(self, task: Task) -> Fragment | None:
        """Return the fragment of *task* if it was made, and the programs of its fonts are still there."""
        key = self._key(task)
        if key not in self._fragments and (content := self.cache.get(key) or self.store.get(key)):
            fragment = read_fragment(content)
            if all(self.program(font.program) for font in fragment.fonts.values()):
                self._fragments[key] = fragment
        return self._fragments.get(key)

    def program(self, digest: str) -> bytes:
        """Return the font with that *digest*, which a fragment uses; nothing if it was not kept."""
        if digest not in self.programs and (content := self.cache.get(digest.encode()) or self.store.get(digest.encode())):
            self.programs[digest] = content
        return self.programs.get(digest, b"")

    def make(self, task: Task) -> bytes:
        """Return the fragment of *task*, as it is kept: laid out and drawn, unless another process has just done so."""
        if isinstance(task, PieceTask) and task.letters > LONG * pieces.SIZE:
            gc.collect(0)  # it needs the room itself
        else:
            collect_garbage(is_between=True)
        return self.store.keep(self._key(task), lambda: write_fragment(self._made(task)))

    def _made(self, task: Task) -> Fragment:
        fetcher = self.typesetter.fetcher
        with fetcher.listening() as warnings:
            fragment = self._margins(task) if isinstance(task, MarginsTask) else self._piece(task) if task else self._whole()
        if fetcher.refused:
            raise ReportsError(*fetcher.refused)
        fragment.warnings = [*self.typesetter.warnings, *warnings]
        for digest in self.typesetter.programs.keys() - self.programs.keys():
            content = self.programs[digest] = self.typesetter.programs[digest]
            self.store.keep(digest.encode(), lambda content=content: content)  # type: ignore[misc]
        return fragment

    def _whole(self) -> Fragment:
        root = self.cutter.whole()
        laid = self.typesetter.lay_out(root)
        return self.typesetter.draw(laid, range(len(laid.pages)), Tagger(root, {}), self.fonts)

    def _piece(self, task: PieceTask) -> Fragment:
        piece, typesetter = self.cutter.cut(*task), self.typesetter
        laid = typesetter.lay_out(piece.root, typesetter.without_margins, full=None if task.start is None else 2)
        self._check(laid, piece)
        begin, end = (page_that_begins(laid.pages, element) for element in (piece.first, piece.behind))
        is_elsewhere = task.start is not None and begin != 1 and getattr(piece.first, "tag", "") != "tr"  # which has no margin to lose
        if (piece.first is not None and begin is None) or (piece.behind is not None and end is None) or is_elsewhere:
            return _nothing(fits=False)
        pages, following = range(begin or 0, len(laid.pages) if end is None else end), None
        if self.most and len(pages) + len(self.cutter.firsts) - 1 > self.most:
            raise LongError  # and need not be drawn
        if not piece.is_last:
            cut, following = last_start(laid, pages, piece.whole, piece.starts)
            if following is None:
                return _nothing(is_short=True)
            pages = range(pages.start, cut)
        numbers = {element: number for number, element in enumerate(self._shared(task, following), start=1)}
        copies = {copy: numbers[element] for copy, element in piece.whole.items() if element in numbers}
        fragment = typesetter.draw(laid, pages, Tagger(piece.root, {**numbers, **copies}, piece.told), self.fonts)
        fragment.following = following
        return fragment

    def _shared(self, task: PieceTask, following: int | None) -> list[Element]:
        """Return the elements that the piece of *task* has only a part of, if it ends before what is *following*, or with its part."""
        return self.cutter.shared(self.cutter.first(task.part, task.start), self.cutter.then(task.part, task.behind(following)))

    def _check(self, laid: Laid, piece: Piece) -> None:
        """Raise UncutError if other pieces have to do with what is *laid* out: it is fixed on all pages, or runs in margins from within."""
        running = [box.element for pages in laid.context.running_elements.values() for found in pages.values() for box in found]
        parents = [self.cutter.parents.get(piece.whole.get(element, element)) for element in running]
        is_fixed = any(page._page_box.fixed_boxes for page in laid.pages)
        if is_fixed or any(parent is None or parent.tag != "body" for parent in parents):
            raise UncutError

    def _margins(self, task: MarginsTask) -> Fragment:
        before, tree = int(task.before is not None), self._tree(task)
        typesetter = self.typesetter.of_pages(task.total)
        number = typesetter.sheet(f"@page :first {{ counter-reset: page {task.first - before} !important; }}")
        laid = typesetter.lay_out(tree, number)
        return typesetter.draw(laid, range(before, len(laid.pages)), Tagger(tree, {}), self.fonts, is_margin=True)


def _nothing(is_short: bool = False, fits: bool = True) -> Fragment:
    return Fragment(pages=[], objects=pack([]), streams={}, resources={}, fonts={}, is_short=is_short, fits=fits)


def _margins(fragments: Sequence[Fragment]) -> Iterator[MarginsTask]:
    """Yield the task of the margins of each of *fragments*."""
    total = sum(len(fragment.pages) for fragment in fragments)
    first, strings, running = 1, dict[str, str](), dict[str, str]()
    for fragment in fragments:
        pages = tuple(EmptyPage(page.name, tuple(page.strings), tuple(page.running)) for page in fragment.pages)
        before = EmptyPage("", tuple(strings.items()), tuple(running.items())) if first > 1 else None
        yield MarginsTask(first, total, before, pages)
        first += len(pages)
        for page in pages:
            strings |= dict(page.strings)
            running |= dict(page.running)


_composers: list[Composer] = []  # at work in this process, or in the one that it is a copy of


def _begin() -> None:
    end_with_parent()
    gc.freeze()
    logging.getLogger("weasyprint.progress").setLevel(logging.CRITICAL)  # who listens hears of the document


def _make(task: Task) -> Counter[str]:
    """Make the fragment of *task*; return what the cache has done for it in this process."""
    counts = _composers[-1].store.counts
    before = counts.copy()
    _composers[-1].make(task)
    return counts - before
