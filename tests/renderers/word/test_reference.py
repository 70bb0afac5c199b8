"""The reference document: what may be wrong with it, the styles that it has to have, and its way to Word and back."""

import re
import shutil
from collections.abc import Callable
from fnmatch import fnmatchcase
from io import BytesIO
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.oxml.ns import nsmap, qn
from docx.styles import BabelFish
from lxml import etree

from reports.__main__ import main
from reports.documents.view import View
from reports.errors import ReportsError
from reports.files import UNMERGED
from reports.renderers import RenderedFile
from reports.renderers.ooxml import pack, unpack
from reports.renderers.word import REFERENCE, STYLES, reference_document, render, restyled
from reports.renderers.word.reference import read_reference
from reports.yamlfile import YamlFile
from tests.conftest import Show, edit
from tests.renderers.word.conftest import BRIEF, WordProblems, WriteWord, blocks, find, numbering_of

# Styles


def test_every_style_of_the_roles_is_in_the_reference_document(brief_templates: Path) -> None:
    """Each style that styles.yaml names is there, with its deeper levels if it is a list, and each is based on one that is there."""
    root = etree.parse(brief_templates / REFERENCE / "word" / "styles.xml")
    roles: Any = YamlFile(brief_templates / STYLES).data
    names = {name for kind in ("block", "inline") for name in roles[kind].values()}
    assert len(names) > 15
    lists = {f"{name} {level}" for name in names if name.startswith("List ") for level in (2, 3)}
    assert names | lists <= {BabelFish.internal2ui(name) for name in find(root, "//w:style/w:name/@w:val")}
    assert set(find(root, "//w:basedOn/@w:val | //w:next/@w:val")) <= set(find(root, "//w:style/@w:styleId"))
    levels = [find(root, f"//w:style[@w:styleId='Heading{level}']/w:pPr/w:outlineLvl/@w:val") for level in (1, 2, 3)]
    assert levels == [["0"], ["1"], ["2"]]  # by which Word navigates


def test_letters_of_other_scripts_have_the_looks_of_their_style(brief_templates: Path) -> None:
    """Word sets Arabic and Hebrew letters by properties of their own: each style with a size, a weight or a font has it for them too."""
    root = etree.parse(brief_templates / REFERENCE / "word" / "styles.xml")
    assert len(find(root, "//w:rPr/w:sz")) > 10
    for name in ("sz", "b", "i"):
        assert find(root, f"//w:{name}/@w:val") == find(root, f"//w:{name}/following-sibling::w:{name}Cs/@w:val")
        assert len(find(root, f"//w:{name}")) == len(find(root, f"//w:{name}/following-sibling::w:{name}Cs"))
    assert find(root, "//w:rFonts[@w:ascii != @w:cs or not(@w:cs)]") == []


def test_further_paragraphs_stand_under_their_item(brief_document: Any) -> None:
    """The style of what continues an item is indented as the text of the item is, and has no number of its own."""
    numbering = brief_document.part.numbering_part.element
    for level, name in enumerate(("List Continue", "List Continue 2", "List Continue 3")):
        style = brief_document.styles[name].element
        indents = find(numbering, f"w:abstractNum/w:lvl[@w:ilvl={level}]/w:pPr/w:ind/@w:left")
        assert set(find(style, "w:pPr/w:ind/@w:left")) == set(indents)
        assert find(style, "w:pPr/w:numPr") == []


WRONG_FIELD = ":3:1: the field 'inline' is missing|:27:1: there is no field 'inlin' here (did you mean 'inline'?)"


@pytest.mark.parametrize(
    ("old", "new", "html", "expected"),
    [
        ("inline:", "inlin:", "<p>a</p>", WRONG_FIELD),
        ("p: Body Text\n", "p: Body Txt\n", "<p>a</p>", ": the reference document has no paragraph style 'Body Txt'"),
        ("p: Body Text\n", "p: Strong\n", "<p>a</p>", ": the reference document has no paragraph style 'Strong'"),
        ("em: Emphasis", "em: Body Text", "<p><em>a</em></p>", ": the reference document has no character style 'Body Text'"),
        ("ol: List Number", "ol: Body Text", "<ol><li>a</li></ol>", ": the style 'Body Text' of the reference document has no numbers"),
    ],
)
def test_wrong_styles_are_a_problem(
    old: str, new: str, html: str, expected: str, word_templates: Path, word_problems: WordProblems
) -> None:
    """A style of styles.yaml that the reference document lacks or has as another kind is named, a mistake in the file at its place."""
    edit(word_templates / STYLES, old, new)
    assert word_problems(html) == [f"word/styles.yaml{message}" for message in expected.split("|")]


# Parts


def change(path: Path, old: str, new: str | Callable[[re.Match[str]], str]) -> None:
    """Replace what the pattern *old* finds in the file *path*, which is something."""
    text, changes = re.subn(old, new, path.read_text("utf-8"))
    assert changes > 0
    path.write_text(text, "utf-8")


UNLIKE_WORD = "word/reference: can't be filled (*): a part of it is not as Word writes it"


@pytest.mark.parametrize(
    ("part", "old", "new", "expected"),
    [
        ("word/numbering", '<w:num w:numId="2"', '<w:num w:numId="9"', UNLIKE_WORD),
        ("word/document", r"(?s)<w:sectPr\b.*</w:sectPr>", "", UNLIKE_WORD),
        ("word/document", r'w:left="\d+', 'w:left="a', UNLIKE_WORD),
        ("word/document", r"(?s)<w:document\b.*", "<a/>", UNLIKE_WORD),
        ("word/styles", r'<w:name w:val="[^"]*"', "<w:name", UNLIKE_WORD),
        ("word/styles", '<w:numId w:val="2"', '<w:numId w:val="two"', UNLIKE_WORD),
        ("docProps/core", r"(?s)<(\w+:)?coreProperties\b.*", "<a/>", UNLIKE_WORD),
        ("[Content_Types]", "document.main", "template.main", UNLIKE_WORD),
        ("[Content_Types]", "/word/document", "/word/dokument", UNLIKE_WORD),
        ("word/styles", r"(?s)\A.*\Z", "<a>\n<b></a>", "{}:2:7: XML syntax: opening and ending tag mismatch: b line 2 and a"),
    ],
)
def test_a_part_that_lacks_what_a_text_needs_is_a_problem(
    part: str, old: str, new: str, expected: str, word_templates: Path, word_problems: WordProblems
) -> None:
    """Lists without numbers, and whatever else python-docx stumbles over are problems of the reference document."""
    change(word_templates / REFERENCE / f"{part}.xml", old, new)
    (problem,) = word_problems("<ol><li>A</li></ol>")
    assert fnmatchcase(problem, expected.format(f"word/reference/{part}.xml")), problem


def test_only_numbered_lists_need_numbering(word_templates: Path, write_word: WriteWord, word_problems: WordProblems) -> None:
    """Numbered lists need the part in which their numbers are; a text without such lists does not."""
    folder = word_templates / REFERENCE
    (folder / "word" / "numbering.xml").unlink()
    for name in ("[Content_Types].xml", "word/_rels/document.xml.rels"):
        change(folder / name, r"<(Override|Relationship) [^>]*numbering[^>]*>", "")
    (problem,) = word_problems("<ol><li>A</li></ol>")
    assert fnmatchcase(problem, UNLIKE_WORD)
    assert [text for _, text in blocks(write_word("<p>a</p>"))] == ["T", "a"]


def test_a_broken_reference_document_is_a_problem(word_templates: Path, word_problems: WordProblems) -> None:
    """A part that leads elsewhere or is missing is named, and a folder that is not there is too."""
    folder = word_templates / REFERENCE
    (folder / "word" / "secret.bin").symlink_to("/etc/passwd")
    message = "leads to '/etc/passwd', outside the folder 'templates'; put a copy of it here"
    assert word_problems("<p>a</p>") == [f"word/reference/word/secret.bin: {message}"]
    (folder / "word" / "secret.bin").unlink()
    (folder / "word" / "styles.xml").unlink()
    (problem,) = word_problems("<p>a</p>")
    assert fnmatchcase(problem, UNLIKE_WORD)
    shutil.rmtree(folder)
    assert word_problems("<p>a</p>") == ["word/reference: is missing: the reference document of all Word files"]


def test_lists_are_numbered_as_their_style_is(word_templates: Path, write_word: WriteWord) -> None:
    """Word gives lists other numbers when it saves a file; a numbered list stays one, whatever its number in the reference document."""
    path = word_templates / REFERENCE / "word" / "numbering.xml"
    change(path, r'abstractNumId="([01])"', lambda match: f'abstractNumId="{1 - int(match[1])}"')
    change(path, r'<w:abstractNumId w:val="([01])"/>', lambda match: f'<w:abstractNumId w:val="{1 - int(match[1])}"/>')
    document = write_word("<ol><li>One<ol><li>Two</li></ol></li></ol><ul><li>Three</li></ul>")
    assert [numbering_of(document, item)[0] for item in document.paragraphs[1:]] == ["decimal", "lowerLetter", "bullet"]


# To Word and back


def files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def canonical(parts: dict[str, bytes]) -> dict[str, bytes | str]:
    """Return *parts* so that XML which says the same is the same."""
    texts = {name: content.decode() for name, content in parts.items() if name.endswith((".xml", ".rels"))}
    return {**parts, **{name: etree.canonicalize(text, strip_text=True, with_comments=False) for name, text in texts.items()}}


def test_styles_survive_the_way_to_word_and_back(
    brief: RenderedFile, word_templates: Path, tmp_path: Path, tiny_view: View, capsys: pytest.CaptureFixture[str]
) -> None:
    """The reference document written, opened, saved and taken back changes no file, so that comments in them stay."""
    before = files(word_templates)
    assert main(["reference", f"{tmp_path}/out/looks.docx", "--templates", str(word_templates)]) == 0
    docx.Document(str(tmp_path / "out" / "looks.docx")).save(str(tmp_path / "saved.docx"))
    assert main(["restyle", f"{tmp_path}/saved.docx", "--templates", str(word_templates)]) == 0
    assert files(word_templates) == before
    assert canonical(unpack(render(tiny_view, word_templates, BRIEF).content)) == canonical(unpack(brief.content))
    said = capsys.readouterr().out.replace(str(tmp_path), "").splitlines()
    assert said == [
        "/out/looks.docx: change its styles in Word, then put it back by: nox -s restyle -- /out/looks.docx",
        "/saved.docx: its styles are those of /templates/word",
    ]


def test_a_changed_style_is_taken_over(word_templates: Path, tmp_path: Path, write_word: WriteWord) -> None:
    """What a person changes in Word shows in the next document, and the file stays one that people read line by line."""
    document = docx.Document(BytesIO(reference_document(word_templates)))
    document.styles["Body Text"].font.italic = True
    document.save(str(tmp_path / "looks.docx"))
    for path, content in restyled(word_templates, tmp_path / "looks.docx").items():
        path.write_bytes(content)
    assert write_word("<p>a</p>").styles["Body Text"].font.italic is True
    assert (word_templates / REFERENCE / "word" / "styles.xml").read_text("utf-8").count("\n") > 300


def test_names_of_styles_may_have_other_capitals(word_templates: Path, tmp_path: Path, write_word: WriteWord) -> None:
    """LibreOffice saves "Heading 1" for Word's own "heading 1", and "Header" for "header": to Word these are one style."""
    before = files(word_templates)
    parts = unpack(reference_document(word_templates))
    names = {name: name.title() for name in ("heading 1", "heading 2", "heading 3", "header", "footer", "caption")}
    for name, changed in {**names, "Body Text": "body text", "Call-out": "CALL-OUT"}.items():
        before_it, written, behind = parts["word/styles.xml"].partition(f'<w:name w:val="{name}"/>'.encode())
        assert written
        parts["word/styles.xml"] = before_it + f'<w:name w:val="{changed}"/>'.encode() + behind
    (tmp_path / "looks.docx").write_bytes(pack(parts))
    for path, content in restyled(word_templates, tmp_path / "looks.docx").items():
        path.write_bytes(content)
    assert canonical(files(word_templates)) == canonical(before)
    document = write_word("<header class='running'><p>a</p></header><h2>b</h2><aside><p>c</p></aside>")
    assert blocks(document)[1:] == [("Heading 1", "b"), ("Call-out", "c")]


def test_what_libreoffice_writes_against_the_schema_is_mended(word_templates: Path, tmp_path: Path) -> None:
    """Lists whose numbers begin at the "start", and the character sets of fonts, which validators don't take, are not taken over."""
    before = files(word_templates)
    parts = unpack(reference_document(word_templates))
    lists, fonts = (parts[f"word/{name}.xml"] for name in ("numbering", "fontTable"))
    parts["word/numbering.xml"] = lists.replace(b'<w:lvlJc w:val="left"/>', b'<w:lvlJc w:val="start"/>')
    parts["word/fontTable.xml"] = fonts.replace(b"<w:family", b'<w:charset w:val="00" w:characterSet="utf-8"/><w:family')
    (tmp_path / "looks.docx").write_bytes(pack(parts))
    taken = {path.name: content for path, content in restyled(word_templates, tmp_path / "looks.docx").items()}
    assert canonical({"a.xml": taken["numbering.xml"]}) == canonical({"a.xml": before["word/reference/word/numbering.xml"]})
    assert taken["fontTable.xml"].count(b'<w:charset w:val="00"/>') == fonts.count(b"<w:family") > 0


def test_styles_may_be_put_back(word_templates: Path, tmp_path: Path) -> None:
    """A reference document without its styles takes those of a document."""
    (tmp_path / "looks.docx").write_bytes(reference_document(word_templates))
    (word_templates / REFERENCE / "word" / "styles.xml").unlink()
    assert word_templates / REFERENCE / "word" / "styles.xml" in restyled(word_templates, tmp_path / "looks.docx")


def refused(templates: Path, document: Path, show: Show) -> list[str]:
    """Return why *document* is not taken."""
    with pytest.raises(ReportsError) as error:
        restyled(templates, document)
    return show(error.value.problems)


def test_a_style_that_a_document_does_not_know_stays(word_templates: Path, tmp_path: Path, write_word: WriteWord) -> None:
    """A document that was written out before a style came into use is taken over, and that style stays as it is."""
    document = docx.Document(BytesIO(reference_document(word_templates)))
    document.styles["Heading 2"].delete()
    document.styles["Body Text"].element.set(qn("w:styleId"), "Other")
    document.styles["Detail"].delete()
    document.save(str(tmp_path / "looks.docx"))
    for path, content in restyled(word_templates, tmp_path / "looks.docx").items():
        path.write_bytes(content)
    made = write_word("<h2>a</h2><h3>b</h3><p>c</p>")
    assert blocks(made)[1:] == [("Heading 1", "a"), ("Heading 2", "b"), ("Body Text", "c")]
    assert made.styles["Heading 2"].next_paragraph_style.name == "Body Text"


def test_a_document_without_the_style_of_a_list_is_refused(word_templates: Path, tmp_path: Path, show: Show) -> None:
    """A document that has lost the styles of lists, which need numbers too, is not taken, and each is named."""
    lost = ("List Bullet 2", "List Number 3")
    document = docx.Document(BytesIO(reference_document(word_templates)))
    for name in lost:
        document.styles[name].delete()
    document.save(str(tmp_path / "looks.docx"))
    messages = [f"looks.docx: has lost the style '{name}', which word/styles.yaml uses" for name in lost]
    assert refused(word_templates, tmp_path / "looks.docx", show) == messages


EMBEDDED = '<w:embedRegular r:id="rId1" w:fontKey="{00000000-0000-0000-0000-000000000000}"/>'
PICTURE = '<v:imagedata xmlns:v="urn:schemas-microsoft-com:vml" r:id="rId1"/>'
BULLET = f'<w:numPicBullet w:numPicBulletId="0"><w:pict>{PICTURE}</w:pict></w:numPicBullet>'
FILLED = '<a:blipFill><a:blip r:embed="rId1"/></a:blipFill>'
FONTS = "has its fonts in it; switch off 'Embed fonts in the file' in Word's options, under 'Save'"


@pytest.mark.parametrize(
    ("part", "place", "added", "message"),
    [
        ("fontTable", "</w:font>", f"{EMBEDDED}</w:font>", FONTS),
        ("numbering", "<w:abstractNum ", f"{BULLET}<w:abstractNum ", "has a list with a picture as its bullet; choose a character instead"),
        ("theme/theme1", "</a:bgFillStyleLst>", f"{FILLED}</a:bgFillStyleLst>", "has a theme with a picture in it; choose another theme"),
        ("styles", "<w:pPr>", '<w:pPr r:id="rId1">', "has a style that needs another file; make that style anew"),
    ],
)
def test_looks_that_need_another_file_are_refused(
    part: str, place: str, added: str, message: str, word_templates: Path, tmp_path: Path, show: Show
) -> None:
    """A part that leads to a font or a picture, which is not taken over, would leave every later document with a dead end."""
    parts = unpack(reference_document(word_templates))
    text = parts[f"word/{part}.xml"].decode()
    assert place in text
    with_r = added.replace(" r:", f' xmlns:r="{nsmap["r"]}" r:')
    (tmp_path / "looks.docx").write_bytes(pack({**parts, f"word/{part}.xml": text.replace(place, with_r, 1).encode()}))
    assert refused(word_templates, tmp_path / "looks.docx", show) == [f"looks.docx: {message}"]


def test_a_file_that_is_no_word_document_is_refused(word_templates: Path, tmp_path: Path, show: Show) -> None:
    """A text, an empty file, another package, a broken one, a folder and a file that is not there are not taken."""
    good = reference_document(word_templates)
    broken = {
        "text.docx": b"Dear reader,",
        "empty.docx": b"",
        "sheet.docx": pack({"[Content_Types].xml": b"<a/>", "xl/workbook.xml": b"<a/>"}),
        "xml.docx": pack({**unpack(good), "word/styles.xml": b"<a>"}),
        "cut.docx": good[: len(good) // 2],
    }
    for name, content in broken.items():
        (tmp_path / name).write_bytes(content)
        assert refused(word_templates, tmp_path / name, show) == [f"{name}: is not a Word document (.docx)"]
    assert refused(word_templates, tmp_path / "templates", show) == ["templates: a folder stands where a file is expected"]
    assert refused(word_templates, tmp_path / "no.docx", show) == ["no.docx: can't be read: no such file or directory"]


def test_an_unfinished_merge_and_leftovers_in_the_reference_document(word_templates: Path, show: Show) -> None:
    """Conflicts in a part are named at their first mark; what a system leaves beside the parts goes into no Word file."""
    part = word_templates / REFERENCE / "word" / "styles.xml"
    (part.parent / ".DS_Store").write_bytes(b"\0")
    (part.parent / "styles.xml~").write_text("<", "utf-8")
    assert not [name for name in read_reference(word_templates) if "~" in name or ".DS" in name]
    part.write_text(f"<<<<<<< HEAD\n=======\n{part.read_text('utf-8')}>>>>>>> other\n", "utf-8")
    with pytest.raises(ReportsError) as error:
        read_reference(word_templates)
    assert show(error.value.problems) == [f"templates/word/reference/word/styles.xml:1:1: {UNMERGED}"]
