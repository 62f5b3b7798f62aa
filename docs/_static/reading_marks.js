// Remembers, on this device alone, which pages the reader has marked as read: ticks beside their links, and on the home page
// the way to the first one that is not. Where the browser keeps nothing, nothing of this is shown.
"use strict";
(() => {
  const KEY = "autograd_vi.read";
  const root = new URL(document.documentElement.dataset.content_root, location.href).pathname;
  const LINKS = ".sidebar-tree a, .learning-path a, .route a, .gallery-cards a";
  const button = document.querySelector(".mark-read button");
  const begin = document.querySelector("a.begin-link");
  const unmarked = new Map(); // what the button and its note say while the page is not marked
  let keeps = true;

  const parsed = (text) => {
    try {
      const pages = JSON.parse(text);
      return Array.isArray(pages) ? pages : [];
    } catch { return []; }
  };
  const kept = () => new Set(parsed(localStorage.getItem(KEY))); // throws where it is blocked
  const pageOf = (link) => {
    const { protocol, host, pathname } = link;
    const here = protocol === location.protocol && host === location.host;
    const inside = here && pathname.startsWith(root) && pathname.endsWith(".html");
    return inside ? pathname.slice(root.length, -".html".length) : "";
  };
  const say = (element, read) => {
    if (!unmarked.has(element)) unmarked.set(element, element.textContent);
    const text = read ? element.dataset.read : unmarked.get(element);
    if (element.textContent !== text) element.textContent = text;
  };
  const tick = (link, read) => {
    const old = link.querySelector(".tick");
    if (old && !read) old.remove();
    if (old || !read) return;
    const mark = document.createElement("span");
    mark.className = "tick";
    mark.setAttribute("role", "img");
    mark.setAttribute("aria-label", _("already read"));
    link.append(mark);
  };

  const show = () => {
    const read = kept();
    for (const link of document.querySelectorAll(LINKS)) tick(link, read.has(pageOf(link)));
    if (button) {
      say(button, read.has(button.dataset.page));
      say(button.nextElementSibling, read.has(button.dataset.page));
      button.classList.toggle("read", read.has(button.dataset.page));
    }
    if (begin) {
      const pages = JSON.parse(begin.dataset.pages);
      const next = read.size ? pages.find(([page]) => !read.has(page)) : undefined;
      if (!unmarked.has(begin)) unmarked.set(begin, begin.textContent);
      const [page, label] = next ?? pages[0];
      begin.href = `${root}${page}.html`;
      begin.textContent = next ? begin.dataset.continue.replace("{page}", () => label) : unmarked.get(begin);
    }
  };
  const showIfKept = () => {
    try { show(); } catch { keeps = false; }
    if (button) button.parentElement.hidden = !keeps;
  };

  button?.addEventListener("click", () => {
    try {
      const read = kept();
      if (!read.delete(button.dataset.page)) read.add(button.dataset.page);
      localStorage.setItem(KEY, JSON.stringify([...read]));
    } catch { keeps = false; } // blocked, or full
    showIfKept();
  });
  addEventListener("storage", showIfKept); // marked in another window
  addEventListener("pageshow", showIfKept); // also when the reader comes back to a page that the browser kept
})();
