"""Files that are not read: why, and what the person who has one can do."""

DAMAGED = "is damaged: open it in the program that it is from, and save it anew as .xlsx"
EMPTY = "is empty: nothing came with it; ask for it again"
MACROS = "holds macros, and a file with them is not opened: save it as .xlsx, which has none"
NO_SPREADSHEET = "is no spreadsheet that we can read: .xlsx, .ods, .xls, or a table as .csv, .tsv or .txt"
OTHER_KIND = "is a spreadsheet of a kind that we can't read: open it, and save it as .xlsx"
PROTECTED = "is protected by a password: open it, take the password off, and save it as .xlsx"
WEB_PAGE = "is a web page or another text in XML, whatever its name says: open it in a spreadsheet program, and save it as .xlsx"


class RefusedError(Exception):
    """A file is not read: the message says why, and what to do."""
