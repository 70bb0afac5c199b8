// Answers the filter of the milestones; without it the page shows all of them.
(() => {
  const form = document.querySelector("form.filter");
  const periods = [...document.querySelectorAll(".period")];
  const rows = [...document.querySelectorAll("tr[data-years]")];
  const choices = [...form.querySelectorAll("select")];

  const fits = (row) => choices.every(({ name, value }) => !value || row.dataset[name].split(" ").includes(value));

  const show = () => {
    for (const row of rows) row.hidden = !fits(row);
    for (const period of periods) period.hidden = !period.querySelector("tr[data-years]:not([hidden])");
    form.querySelector(".count").textContent = rows.filter((row) => !row.hidden).length;
  };

  // A link to a milestone that is filtered away would lead nowhere.
  const follow = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (target?.hidden) {
      form.reset();
      show();
      target.scrollIntoView();
    }
  };

  form.addEventListener("change", show);
  form.addEventListener("reset", () => setTimeout(show)); // the fields are empty only afterwards
  form.addEventListener("submit", (event) => event.preventDefault());
  addEventListener("hashchange", follow);
  form.hidden = false;
  show(); // a browser may have kept what was chosen before a reload
})();
