// Long lines of code can be wrapped. In each cell that has some, a button beside the one for copying does it, for all cells at
// once; the device remembers it where the browser keeps anything. It has to be loaded after copybutton.js.
"use strict";
document.addEventListener("DOMContentLoaded", () => {
  const KEY = "autograd_vi.wrap";
  const ICON = '<svg viewBox="0 0 24 24" aria-hidden="true"><path d="M4 6h16M4 12h13a3 3 0 0 1 0 6h-5m2-2-2 2 2 2M4 18h4"/></svg>';
  const root = document.documentElement;
  const buttons = [];
  const wraps = () => root.classList.contains("wrap-code");
  const show = (wrap) => {
    root.classList.toggle("wrap-code", wrap);
    for (const button of buttons) button.setAttribute("aria-pressed", wrap);
  };
  const showKept = () => {
    try { show(localStorage.getItem(KEY) === "yes"); } catch { /* blocked: what the reader chose on this page holds */ }
  };
  const choose = () => {
    show(!wraps());
    try { localStorage.setItem(KEY, wraps() ? "yes" : "no"); } catch { /* blocked, or full */ }
  };
  // While lines are wrapped none is long, and every cell has the button.
  const watch = new ResizeObserver((entries) => {
    if (wraps()) return;
    for (const cell of new Set(entries.map((entry) => entry.target.closest(".has-wrap")))) {
      const long = [...cell.querySelectorAll("pre")].some((code) => code.scrollWidth > code.clientWidth);
      cell.classList.toggle("has-long-lines", long);
    }
  });
  for (const copy of document.querySelectorAll("article .highlight > button.copybtn")) {
    const cell = copy.parentElement;
    const button = document.createElement("button");
    button.className = "wrapbtn";
    button.type = "button";
    button.title = _("Wrap long lines");
    button.setAttribute("aria-label", button.title);
    button.innerHTML = ICON;
    button.addEventListener("click", choose);
    buttons.push(button);
    copy.before(button);
    cell.classList.add("has-wrap");
    for (const code of cell.querySelectorAll("pre")) watch.observe(code);
  }
  show(false);
  showKept();
  addEventListener("storage", showKept); // chosen in another window
  addEventListener("pageshow", showKept); // also when the reader comes back to a page that the browser kept
});
