// Shows the definition of a term while the pointer or the focus is on a link to it. Escape puts it away; the pointer may move
// onto it. A screen reader is told the definition with the link.
"use strict";
(() => {
  const box = document.querySelector(".glossary-hints");
  if (!box) return;
  document.body.append(box); // positions are then those of the page
  box.hidden = false;
  let shown = null;
  let timer = 0;

  const hide = () => {
    clearTimeout(timer);
    if (shown) shown.hidden = true;
    shown = null;
  };
  const hideSoon = () => {
    clearTimeout(timer);
    timer = setTimeout(hide, 200);
  };
  const show = (link, hint) => {
    hide();
    shown = hint;
    hint.hidden = false;
    const line = link.getClientRects()[0]; // a link may go over two lines
    const room = document.documentElement.clientWidth - hint.offsetWidth - 8;
    const below = line.bottom + 6 + hint.offsetHeight < window.innerHeight;
    hint.style.left = `${window.scrollX + Math.max(8, Math.min(line.left, room))}px`;
    hint.style.top = `${window.scrollY + (below ? line.bottom + 6 : line.top - hint.offsetHeight - 6)}px`;
  };

  for (const link of document.querySelectorAll('article a[href*="glossary.html#term-"]')) {
    const hint = document.getElementById(`hint-${link.hash.slice("#term-".length)}`);
    if (!hint) continue;
    link.setAttribute("aria-describedby", hint.id);
    link.addEventListener("pointerenter", (event) => { if (event.pointerType === "mouse") show(link, hint); });
    link.addEventListener("pointerleave", hideSoon);
    link.addEventListener("focus", () => { if (link.matches(":focus-visible")) show(link, hint); });
    link.addEventListener("blur", hide);
  }
  box.addEventListener("pointerenter", () => clearTimeout(timer));
  box.addEventListener("pointerleave", hideSoon);
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") hide(); });
})();
