// The search over all records, by words and by facets. What is asked stands in the address, so that it can be kept and sent.
(() => {
  const search = document.querySelector("search");
  if (!search) return; // there is no record
  const form = search.querySelector("form");
  const fields = [...form.querySelectorAll("[name]")];
  const annexes = [...document.querySelectorAll(".annex")];
  // Letters without their marks, dj as đ, and Serbian ones as Latin: either script finds both, and a Cyrillic М2010-1 finds M2001-7.
  const plain = "a b v g d d e z z i j k l lj m n nj o p r s t c u f h c c dz s d".split(" ");
  const letters = new Map([..."абвгдђежзијклљмнњопрстћуфхцчџшđ"].map((letter, index) => [letter, plain[index]]));
  const bare = (text) => text.toLowerCase().normalize("NFD").replace(/\p{M}/gu, "");
  const fold = (text) => bare(text).replace(/[đ\p{Script=Cyrillic}]/gu, (letter) => letters.get(letter) ?? letter).replace(/dj/g, "d");
  // A record, a source, or a row of a table that is no record's own; and the headings of groups of them.
  const kinds = ".annex :is(.entry, .sources > li, tbody tr)";
  const units = [...document.querySelectorAll(`${kinds}, .annex h3`)].filter((element) => !element.parentElement.closest(kinds));
  const records = units.filter((element) => element.matches(kinds)).map((element) => ({
    element,
    facets: new Set(element.querySelector("[data-facets]")?.dataset.facets.split(" ")),
  }));
  const opened = new Set();
  const written = new Intl.NumberFormat(document.documentElement.lang || undefined); // as the numbers of the text are

  // What a record says, without the words of its tools.
  const said = ({ childNodes }) => [...childNodes].filter((node) => !node.matches?.(".cite, .permalink")).map((node) => node.textContent);

  const fits = (record, words, facets) => {
    record.text ??= fold(said(record.element).join(" "));
    return facets.every((facet) => record.facets.has(facet)) && words.every((word) => record.text.includes(word));
  };

  const show = () => {
    const asked = fields.filter(({ value }) => value.trim());
    const facets = asked.filter(({ name }) => name !== "q").map(({ name, value }) => `${name}=${value}`);
    const words = fold(form.elements.q.value).split(/\s+/).filter(Boolean);
    for (const record of records) record.element.hidden = !fits(record, words, facets);
    const shown = records.filter(({ element }) => !element.hidden);
    let heading;
    for (const element of units) {
      if (element.matches("h3")) (heading = element).hidden = asked.length > 0;
      else if (!element.hidden && heading?.closest(".annex") === element.closest(".annex")) heading.hidden = false;
    }
    for (const annex of annexes) {
      const count = shown.filter(({ element }) => annex.contains(element)).length;
      const found = annex.querySelector(".found");
      annex.hidden = asked.length > 0 && !count;
      if (asked.length && count && !annex.open) {
        opened.add(annex);
        annex.open = true;
      }
      if (!asked.length && opened.delete(annex)) annex.open = false;
      found.hidden = !asked.length;
      found.textContent = `(${written.format(count)})`;
    }
    form.querySelector(".count").textContent = written.format(shown.length);
    form.querySelector(".total").textContent = written.format(records.length);
    const address = new URL(location);
    address.search = new URLSearchParams(asked.map(({ name, value }) => [name, value.trim()]));
    if (address.href !== location.href) history.replaceState(null, "", address);
    return asked.length;
  };

  // A link to a record that is not shown would lead nowhere.
  const follow = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (target?.closest("[hidden]")) {
      for (const field of fields) field.value = "";
      show();
    }
    for (let around = target?.closest("details"); around; around = around.parentElement.closest("details")) around.open = true;
    target?.scrollIntoView();
  };

  const known = new Set(records.flatMap(({ facets }) => [...facets]));
  for (const select of form.querySelectorAll("select")) {
    for (const option of [...select.options]) if (option.value && !known.has(`${select.name}=${option.value}`)) option.remove();
    select.closest("p").hidden = select.options.length < 3;
  }

  let typing;
  form.addEventListener("input", ({ target }) => {
    clearTimeout(typing);
    typing = setTimeout(show, target.name === "q" ? 150 : 0); // not at every letter; browsers bound how often an address may change
  });
  form.addEventListener("reset", () => setTimeout(show)); // the fields are empty only afterwards
  form.addEventListener("submit", (event) => event.preventDefault());
  addEventListener("hashchange", follow);

  const query = new URLSearchParams(location.search);
  for (const field of fields) field.value = query.get(field.name) ?? "";
  form.querySelector(".facets").open = fields.some(({ name, value }) => name !== "q" && value);
  search.hidden = false;
  document.querySelector(".to-search").hidden = false;
  if (show() && !location.hash) search.scrollIntoView();
  else if (location.hash) follow();
})();
