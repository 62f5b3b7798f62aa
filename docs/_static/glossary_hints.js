// Shows the definition of a term while the pointer or the focus is on a link to it. A finger has no such place: its first tap
// shows the definition, its second one follows the link. Escape puts it away, and so does a tap elsewhere; the pointer may move
// onto it. A screen reader is told the definition with the link.
"use strict";
(() => {
  const box = document.querySelector(".glossary-hints");
  if (!box) return;
  document.body.append(box); // positions are then those of the page
  box.hidden = false;
  let shown = null;
  let timer = 0;
  let onHint = false; // where the pointer was last put down: then a link that loses the focus keeps its hint

  const hide = () => {
    clearTimeout(timer);
    if (shown) shown.hidden = true;
    shown = null;
  };
  const leave = (event) => {
    if (event.pointerType !== "mouse") return; // a finger leaves as soon as it is lifted
    clearTimeout(timer);
    timer = setTimeout(hide, 200);
  };
  const show = (link, hint) => {
    hide();
    shown = hint;
    hint.hidden = false;
    const lines = link.getClientRects(); // a link may go over two lines: the hint covers neither
    const last = lines[lines.length - 1];
    const room = document.documentElement.clientWidth - hint.offsetWidth - 8;
    const below = last.bottom + 6 + hint.offsetHeight < window.innerHeight;
    hint.style.left = `${window.scrollX + Math.max(8, Math.min(last.left, room))}px`;
    hint.style.top = `${window.scrollY + (below ? last.bottom + 6 : lines[0].top - hint.offsetHeight - 6)}px`;
  };

  for (const link of document.querySelectorAll('article a[href*="glossary.html#term-"]')) {
    const hint = document.getElementById(`hint-${link.hash.slice("#term-".length)}`);
    if (!hint) continue;
    let tapped = false;
    link.setAttribute("aria-describedby", hint.id);
    link.addEventListener("pointerenter", (event) => { if (event.pointerType === "mouse") show(link, hint); });
    link.addEventListener("pointerleave", leave);
    link.addEventListener("pointerdown", (event) => { tapped = event.pointerType !== "mouse"; });
    link.addEventListener("click", (event) => {
      if (tapped && shown !== hint) {
        event.preventDefault();
        show(link, hint);
      }
      tapped = false;
    });
    link.addEventListener("focus", () => { if (link.matches(":focus-visible")) show(link, hint); });
    link.addEventListener("blur", () => { if (!onHint) hide(); });
  }
  box.addEventListener("pointerenter", () => clearTimeout(timer));
  box.addEventListener("pointerleave", leave);
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") hide(); });
  document.addEventListener("pointerdown", (event) => {
    const link = event.target.closest?.("a[aria-describedby]");
    onHint = box.contains(event.target);
    if (shown && !onHint && link?.getAttribute("aria-describedby") !== shown.id) hide();
  });
})();
