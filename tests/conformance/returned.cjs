// Two spreadsheet programs that only npm has. node returned.cjs FOLDER PROGRAM FILE STEPS SAVED...: does the steps, and saves the file.
const { readFileSync } = require("node:fs");
const [folder, program, file, steps, ...saved] = process.argv.slice(2);
const { sheet, todo } = JSON.parse(readFileSync(steps, "utf8"));

async function exceljs() {
  const { Workbook } = require(`${folder}/exceljs`);
  const book = new Workbook();
  await book.xlsx.readFile(file);
  for (const { does, row, column, value } of todo) {
    const cell = book.getWorksheet(sheet).getCell(row, column);
    if (does === "note") cell.note = value;
    else cell.value = value;
  }
  for (const path of saved) await book.xlsx.writeFile(path);
}

async function sheetjs() {
  const { readFile, utils, writeFile } = require(`${folder}/xlsx`);
  const book = readFile(file, { cellDates: true });
  const cells = book.Sheets[sheet];
  for (const { does, row, column, value } of todo) {
    const place = utils.encode_cell({ r: row - 1, c: column - 1 });
    if (does === "note") cells[place].c = [{ a: "Ana", t: value }];
    else cells[place] = { t: "s", v: value };
    const range = utils.decode_range(cells["!ref"]);
    range.e.r = Math.max(range.e.r, row - 1);
    cells["!ref"] = utils.encode_range(range);
  }
  for (const path of saved) writeFile(book, path, { sheet: path.endsWith(".csv") ? sheet : undefined });
}

({ exceljs, sheetjs })[program]();
