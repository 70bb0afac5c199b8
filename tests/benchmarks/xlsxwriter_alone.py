"""Cells in a pickle -> .xlsx by XlsxWriter alone, as its users write them: `python xlsxwriter_alone.py register.pickle register.xlsx`."""

import pickle
import sys
from pathlib import Path

import xlsxwriter

with xlsxwriter.Workbook(sys.argv[2], {"default_date_format": "yyyy-mm-dd"}) as workbook:
    bold, wrapped = workbook.add_format({"bold": True}), workbook.add_format({"text_wrap": True, "valign": "top"})
    for name, (headings, rows) in pickle.loads(Path(sys.argv[1]).read_bytes()).items():
        sheet = workbook.add_worksheet(name)
        sheet.write_row(0, 0, headings, bold)
        for number, row in enumerate(rows, start=1):
            for column, (value, link) in enumerate(row):
                if link:
                    sheet.write_url(number, column, link, wrapped, str(value))
                else:
                    sheet.write(number, column, value, wrapped)
