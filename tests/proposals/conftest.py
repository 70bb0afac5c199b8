"""The shipped summary of the tiny dataset in Word, and the edits that people make in it: tracked or not, in the XML that Word writes."""

from collections.abc import Mapping, Sequence
from copy import deepcopy
from io import BytesIO
from typing import Any

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from lxml import etree

from reports.dataset.dataset import Dataset
from reports.renderers.ooxml import pack, unpack
from reports.renderers.word import render
from tests.conftest import PROJECT
from tests.renderers.word.conftest import find
from tests.renderers.word.test___init__ import SUMMARY, with_all_claims

ANA, DAY = "Ana Anić", "2020-02-01T09:00:00Z"
COMMENTS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/comments"
EXTENDED = "http://schemas.microsoft.com/office/2011/relationships/commentsExtended"
NEWER = " ".join(f'xmlns:{name}="http://schemas.microsoft.com/office/word/{year}/wordml"' for name, year in (("w14", 2010), ("w15", 2012)))


@pytest.fixture(scope="session")
def summary(tiny: Dataset) -> bytes:
    """The summary of the tiny dataset, as it is issued."""
    return render(with_all_claims(tiny), PROJECT / "templates", SUMMARY).content


def element(xml: str) -> Any:
    """Return the element *xml*, in which "w:" is Word's."""
    return parse_xml(f"<w:body {nsdecls('w')}>{xml}</w:body>")[0]


class Editor:
    """A person with the document *content* open, who tracks changes as the author *by*, or does not if that is ""."""

    def __init__(self, content: bytes, by: str = ANA, when: str = DAY) -> None:
        self.document = docx.Document(BytesIO(content))
        self.body: Any = self.document.element.body
        self.marks = f'w:id="900" w:author="{by}" w:date="{when}"' if by else ""
        for run in list(self.body.iter(qn("w:r"))):
            for part in [part for part in run if part.tag != qn("w:rPr")]:  # each in a run of its own
                alone = element("<w:r/>")
                alone.extend(deepcopy([*run.findall(qn("w:rPr")), part]))
                run.addprevious(alone)
            run.getparent().remove(run)

    def save(self) -> bytes:
        """Return the document as it is now."""
        target = BytesIO()
        self.document.save(target)
        return target.getvalue()

    def control(self, tag: str) -> Any:
        """Return the first control with *tag*."""
        return find(self.body, f".//w:sdt[w:sdtPr/w:tag/@w:val='{tag}']")[0]

    def around(self, tag: str, name: str) -> Any:
        """Return the element *name*, a paragraph or a row, around the control with *tag*."""
        return next(self.control(tag).iterancestors(qn(name)))

    def replace(self, root: Any, old: str, new: str) -> None:
        """Replace *old*, which stands in one run in *root*, by *new*; either may be ""."""
        text = next(part for part in root.iter(qn("w:t")) if old in part.text)
        start = text.text.index(old)
        self.splice(text, start, start + len(old), new)

    def splice(self, text: Any, start: int, end: int, new: str) -> None:
        """Replace the characters from *start* to *end* of the element *text* by *new*."""
        run, whole = text.getparent(), text.text
        for mark, words in (("", whole[:start]), ("w:del", whole[start:end]), ("w:ins", new), ("", whole[end:])):
            part = deepcopy(run)
            part.find(qn("w:t")).text = words
            if words and not (mark == "w:del" and not self.marks):
                run.addprevious(self._tracked(mark, part))
        run.getparent().remove(run)

    def clear(self, root: Any) -> None:
        """Take out all text in *root*."""
        for run in list(root.iter(qn("w:r"))):
            if self.marks:
                around, place = run.getparent(), run.getparent().index(run)
                around.insert(place, self._tracked("w:del", run))
            else:
                run.getparent().remove(run)

    def remove(self, block: Any) -> None:
        """Take out *block*, a row or a paragraph, with all that stands in it."""
        if not self.marks:
            block.getparent().remove(block)
            return
        self.clear(block)
        mark = element(f"<w:del {self.marks}/>")
        if block.tag == qn("w:tr"):
            block.get_or_add_trPr().append(mark)
        else:
            block.get_or_add_pPr().append(element("<w:rPr/>"))
            block.pPr[-1].append(mark)

    def unwrap(self, tag: str) -> Any:
        """Take the control with *tag* away from around its text, as "Remove Content Control" does; return the paragraph."""
        control, paragraph = self.control(tag), self.around(tag, "w:p")
        for part in list(control.find(qn("w:sdtContent"))):
            control.addprevious(part)
        control.getparent().remove(control)
        return paragraph

    def add(self, paragraph: Any, text: str) -> None:
        """Put a paragraph of *text* behind *paragraph*."""
        paragraph.addnext(
            element(
                f"<w:p><w:pPr><w:rPr><w:ins {self.marks}/></w:rPr></w:pPr><w:ins {self.marks}><w:r><w:t>{text}</w:t></w:r></w:ins></w:p>"
                if self.marks
                else f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"
            )
        )

    def anchor(self, identifier: str, first: Any, last: Any) -> None:
        """Let the comment with the id *identifier* be about all from *first* to *last*."""
        first.addprevious(element(f'<w:commentRangeStart w:id="{identifier}"/>'))
        last.addnext(element(f'<w:r><w:commentReference w:id="{identifier}"/></w:r>'))
        last.addnext(element(f'<w:commentRangeEnd w:id="{identifier}"/>'))

    def _tracked(self, name: str, run: Any) -> Any:
        """Return *run* in the mark *name*, if changes are tracked and there is one."""
        if not (name and self.marks):
            return run
        for text in run.findall(qn("w:t")) if name == "w:del" else ():
            text.tag = qn("w:delText")
        mark = element(f"<{name} {self.marks}/>")
        mark.append(run)
        return mark


def with_comments(content: bytes, comments: Sequence[tuple[str, str, str]], resolved: Sequence[int] = ()) -> bytes:
    """Return *content* with *comments*: of each its author, its text, and the number of the one that it replies to, if any.

    They are numbered from 0, and those whose numbers are in *resolved* are.
    """
    told = "".join(
        f'<w:comment w:id="{number}" w:author="{author}" w:date="{DAY}"><w:p w14:paraId="{number}"><w:r><w:t>{text}</w:t></w:r></w:p>'
        "</w:comment>"
        for number, (author, text, _) in enumerate(comments)
    )
    threads = "".join(
        f'<w15:commentEx w15:paraId="{number}" {f"""w15:paraIdParent="{to}" """ if to else ""}w15:done="{int(number in resolved)}"/>'
        for number, (*_, to) in enumerate(comments)
    )
    added = {"comments": (COMMENTS, f"<w:comments {nsdecls('w')} {NEWER}>{told}</w:comments>")}
    added["threads"] = (EXTENDED, f"<w15:commentsEx {NEWER}>{threads}</w15:commentsEx>")
    return with_parts(content, added)


def with_parts(content: bytes, added: Mapping[str, tuple[str, str]]) -> bytes:
    """Return *content* with the parts *added* to which the document relates: by their names, the kind and the XML of each."""
    parts = unpack(content)
    relations = etree.fromstring(parts["word/_rels/document.xml.rels"])
    for name, (kind, xml) in added.items():
        relations.append(etree.Element(f"{{{etree.QName(relations).namespace}}}Relationship", Id=name, Type=kind, Target=f"{name}.xml"))
        parts[f"word/{name}.xml"] = xml.encode()
    return pack(parts | {"word/_rels/document.xml.rels": etree.tostring(relations)})
