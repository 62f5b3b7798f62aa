// Filters the glossary as one types: by the terms in all languages, with or without their marks. "dao ham" finds "đạo hàm".
"use strict";
(() => {
  const index = document.querySelector(".glossary-letters");
  if (!index) return;
  const folded = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").replace(/đ/gi, "d").toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, " ").trim();

  const groups = [...document.querySelectorAll("dl.glossary")].map((list) => {
    const heading = list.previousElementSibling;
    const entries = [...list.querySelectorAll(":scope > dt")].map((term) => {
      const about = term.nextElementSibling;
      const others = [...about.querySelectorAll(".glossary-equivalent > :last-child")];
      const names = [term.firstChild, ...others].map((name) => folded(name.textContent));
      return { parts: [term, about], names };
    });
    return { parts: [list, heading, index.querySelector(`[href="#${CSS.escape(heading.id)}"]`)], entries };
  });
  const all = groups.reduce((sum, group) => sum + group.entries.length, 0);

  const field = document.createElement("input");
  field.type = "search";
  field.autocomplete = "off";
  const label = document.createElement("label");
  label.append(_("Filter the terms"), " ", field);
  const told = document.createElement("span");
  told.setAttribute("role", "status");
  const line = document.createElement("p");
  line.className = "glossary-filter";
  line.append(label, " ", told);
  index.before(line);

  const filter = () => {
    const wanted = folded(field.value);
    let left = 0;
    for (const { parts, entries } of groups) {
      let found = 0;
      for (const entry of entries) {
        const fits = entry.names.some((name) => name.includes(wanted));
        for (const part of entry.parts) part.hidden = !fits;
        found += fits;
      }
      for (const part of parts) if (part) part.hidden = !found;
      left += found;
    }
    told.textContent = wanted
      ? _("Terms that remain: {left} of {all}").replace("{left}", left).replace("{all}", all)
      : "";
  };
  field.addEventListener("input", filter);
  // A link to a term that the filter hides shows it again.
  addEventListener("hashchange", () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!target?.hidden) return;
    field.value = "";
    filter();
    target.scrollIntoView();
  });
})();
