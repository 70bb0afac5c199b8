// What a browser can do with the page beyond reading it; without this script all of its text is there, and every link leads to its place.
(() => {
  const each = (selector, work) => document.querySelectorAll(selector).forEach(work);
  const close = (element) => element.closest("[popover]")?.hidePopover?.();

  // The mark of a source opens its preview; with a key held down it leads to the list, as it does without this script.
  addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#']");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const preview = link.matches(".mark") && document.getElementById(link.hash.replace("#source-", "preview-"));
    if (preview?.showPopover) {
      event.preventDefault();
      preview.showPopover({ source: link });
    } else close(link);
  });

  // A browser may not follow an address of many megabytes.
  each("a[download]", (link) =>
    link.addEventListener("click", () => {
      const [kind, ...text] = link.getAttribute("href").split(",");
      if (kind.startsWith("data:")) link.href = URL.createObjectURL(new Blob([decodeURIComponent(text.join(","))], { type: kind.slice(5) }));
    }),
  );

  // A citation of each record: its name, its date, where it stands, and its sources.
  const prototype = document.querySelector(".cite");
  const pattern = prototype.querySelector(".pattern").textContent;
  prototype.querySelector(".pattern").remove();
  const words = (element) => element?.textContent.replace(/\s+/g, " ").trim() ?? "";
  const cite = (record) => {
    const sources = [...record.querySelectorAll(".evidence button")].map(words);
    const parts = { record: words(record.querySelector("h3, h4")), date: words(record.querySelector(".date")), id: record.id };
    parts.sources = [...new Set(sources)].join("; ");
    const said = pattern.replace(/ ?\(?\{(\w+)\}\)?/g, (found, name) => (parts[name] ? found.replace(`{${name}}`, () => parts[name]) : ""));
    return said.replace(/(?<!\.)\.\.(?!\.)/g, "."); // dates of some languages end in a full stop
  };
  each(".entry", (record) => {
    const tools = prototype.cloneNode(true);
    const [button, output] = tools.children;
    button.addEventListener("click", async () => {
      output.textContent = cite(record);
      getSelection().selectAllChildren(output); // so that it can be copied by hand where the clipboard is not ours
      await navigator.clipboard?.writeText(output.textContent).catch(() => {});
    });
    tools.hidden = false;
    record.append(tools);
  });
  prototype.remove();

  // On paper, the record is what is open; this opens all of it, and shows what a search has hidden, until it is printed.
  const print = document.querySelector("button.print");
  print.addEventListener("click", () => {
    const closed = [...document.querySelectorAll("details:not([open])")];
    const filtered = [...document.querySelectorAll(".annex[hidden], .annex [hidden]:not(.found)")];
    const show = (all) => {
      for (const element of closed) element.open = all;
      for (const element of filtered) element.hidden = !all;
    };
    show(true);
    addEventListener("afterprint", () => show(false), { once: true });
    window.print();
  });
  print.hidden = false;
})();
