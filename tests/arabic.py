"""The tiny dataset in Arabic: a handful of texts, of words of templates and of terms, which prove that documents go from right to left."""

import shutil
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path

import polib

from reports.build.plan import Folders
from reports.translate import translate
from tests.conftest import edit

FONT = Path(str(files("fontpkg_cairo")), "files", "Cairo[slnt,wght].ttf")

# What is not here stays in English.
TEXTS: Mapping[str, str] = {
    "Ruritania and the League": "روريتانيا والعصبة",
    "Ruritania signed the Harbour Agreement in April 2010 [@M2010-1; @courier, page 2].": (
        "وقّعت روريتانيا اتفاق الموانئ في أبريل 2010 [@M2010-1; @courier, page 2]."
    ),
    "What comes next is **planned** for 2021 [@league, paragraph 8].": "ما يأتي بعد ذلك **مخطط** لعام 2021 [@league, paragraph 8].",
    "Ruritania is an observer [@league, paragraph 1]. Nothing is decided.": (
        "روريتانيا مراقب (OS) منذ عام 2003 [@league, paragraph 1]. لم يُقرَّر شيء."
    ),
    "The vote on the charter": "التصويت على الميثاق",
    "Harbour Charter": "ميثاق الموانئ",
    "Signed, not in force [@gazette, page 7]": "موقَّع، وغير نافذ [@gazette, page 7]",
    "A vote in 2021 [@league, paragraph 8]": "تصويت في عام 2021 [@league, paragraph 8]",
    "The council [@council]": "المجلس [@council]",
    "Harbour Agreement": "اتفاق الموانئ",
    "Visit in autumn": "زيارة في الخريف",
    "Joint exercise": "تمرين مشترك",
    "Exercise": "تمرين (2021)",
    "The agreement was signed.": "وُقّع الاتفاق.",
    "Winter Watch": "مراقبة الشتاء",
    "The keepers of the Ruritanian dataset": "أمناء بيانات روريتانيا",
    "Paper 7": "ورقة 7",
    "For testing": "للاختبار",
}
WORDS: Mapping[str, str] = {
    "In focus": "تحت المجهر",
    "What comes next": "ما التالي",
    "Key points": "النقاط الرئيسية",
    "What is disputed": "ما هو محل خلاف",
    "Latest key milestones": "أحدث المحطات الرئيسية",
    "Verify before use": "تحقق قبل الاستعمال",
    "Sources": "المصادر",
    "Date": "التاريخ",
    "Milestone": "المحطة",
    "Reference": "المرجع",
    "First source": "المصدر الأول",
    "Edition %(edition)s · %(published)s · data as of %(as_of)s": "الإصدار %(edition)s · %(published)s · البيانات حتى %(as_of)s",
    "%(publisher)s · edition %(edition)s, %(date)s": "%(publisher)s · الإصدار %(edition)s، %(date)s",
}
TERMS: Mapping[str, str] = {
    "tag: en-GB": "tag: ar",
    "  done: done": "  done: تم",
    "  planned: planned": "  planned: مخطط",
    "  reference: Reference": "  reference: المرجع",
    "  title: Title": "  title: العنوان",
}


def in_arabic(folders: Folders) -> None:
    """Let the dataset in *folders* be made in Arabic too, with a font of the house's own."""
    edit(folders.data / "dataset.yaml", "language: en\n", "language: en\nlanguages: [en, ar]\n")
    shutil.copy(FONT, folders.templates / "shared" / "arabic.ttf")
    fonts = folders.templates / "shared" / "fonts.css"
    text = fonts.read_text("utf-8").replace('"Source Sans 3", sans-serif', '"Source Sans 3", "House Arabic", sans-serif')
    text = text.replace('"Source Serif 4", "Source Sans 3"', '"Source Serif 4", "House Arabic", "Source Sans 3"')
    fonts.write_text(f'{text}\n@font-face {{ font-family: "House Arabic"; src: url("arabic.ttf"); }}\n', "utf-8")
    terms = (folders.templates / "locale" / "en.yaml").read_text("utf-8")
    for english, arabic in TERMS.items():
        terms = terms.replace(english, arabic)
    (folders.templates / "locale" / "ar.yaml").write_text(terms, "utf-8")
    [*translate(folders, "ar")]
    _fill(folders.data / "translations" / "ar.po", TEXTS)
    _fill(folders.templates / "locale" / "ar.po", WORDS)


def _fill(path: Path, translations: Mapping[str, str]) -> None:
    catalogue = polib.pofile(str(path), wrapwidth=0)
    for message in catalogue:
        message.msgstr = translations.get(message.msgid, "")
    catalogue.save()
