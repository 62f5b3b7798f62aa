// What the search page shows: a page once, with the sections that answer, or an entry of the glossary or of the reference.
//
// Sphinx's search has no hook for a ranking that knows the query (https://github.com/sphinx-doc/sphinx/issues/13649) nor
// for its list; `query`, which it calls once the index is there, is replaced here. The summary comes from the page itself.

Search.query = (() => {
  const EXCERPT = 240; // characters
  const MARKED = 0.4; // of what the best word of the query counts
  const ASIDE =
    ".headerlink, script, style, h1, h2, h3, .av-graph, .av-stepper, .page-bar, .provenance";
  const HIGHLIGHTED = "sphinx_highlight_terms"; // Sphinx marks these words on the page that the reader opens

  const element = (parent, name, text = "", className = "") => {
    const made = parent.appendChild(document.createElement(name));
    made.textContent = text;
    if (className) made.className = className;
    return made;
  };

  // The words of a text that the query asks for, with what each counts.
  const hitsIn = (text, worths) => {
    const found = Array.from(text.matchAll(/[\p{L}\p{N}_]+/gu), (match) => {
      const terms = searchTerms.of(match[0]);
      const worth = Math.max(0, ...terms.map(([term, part]) => part * (worths.get(term) ?? 0)));
      return { start: match.index, end: match.index + match[0].length, word: match[0].toLowerCase(), term: terms[0]?.[0], worth };
    });
    found.forEach((place, i) => {
      const before = found[i - 1];
      if (!before || !worths.has(`${before.term} ${place.term}`)) return;
      before.paired = place.paired = true;
    });
    return found.filter(({ worth }) => worth);
  };

  // The stretch of a text with most of the query in it, the places to mark, and whether they tell why it was found.
  const bestStretch = (text, worths) => {
    const hits = hitsIn(text, worths);
    let start = 0;
    let most = 0;
    hits.forEach((hit, i) => {
      const within = hits.slice(i).filter(({ end }) => end <= hit.start + EXCERPT / 2);
      const kinds = new Map(within.map(({ term, worth, paired }) => [term, paired ? 2 * worth : worth]));
      const score = [...kinds.values()].reduce((sum, worth) => sum + worth, 0);
      if (score > most) [most, start] = [score, Math.max(hit.start - EXCERPT / 4, 0)];
    });
    const from = start && text.indexOf(" ", start) + 1;
    const to = from + EXCERPT < text.length ? text.lastIndexOf(" ", from + EXCERPT) : text.length;
    const shown = hits.filter((hit) => hit.start >= from && hit.end <= to);
    const best = Math.max(...[...worths].filter(([term]) => !term.includes(" ")).map(([, worth]) => worth));
    const telling = shown.filter(({ worth, paired }) => paired || worth >= MARKED * best);
    return { from, to: Math.max(to, from), telling: telling.length > 0, marked: telling.length ? telling : shown };
  };

  const textOf = (page, anchor) => {
    const place = (anchor && page.getElementById(anchor)) || page.querySelector('[role="main"]');
    if (!place) return "";
    const definition = place.matches("dt") ? place.nextElementSibling : null;
    const told = definition?.textContent.trim() ? definition : place;
    for (const part of told.querySelectorAll(ASIDE)) part.remove();
    return told.textContent.normalize("NFC").replace(/\s+/g, " ").trim();
  };

  const showSummary = (summary, page, { anchor, sections }, worths) => {
    let text = textOf(page, anchor || sections[0]?.anchor);
    let stretch = bestStretch(text, worths);
    if (!stretch.telling && !anchor) {
      text = textOf(page, ""); // the heading alone has the words
      stretch = bestStretch(text, worths);
    }
    let position = stretch.from;
    summary.append(position ? "… " : "");
    for (const { start, end } of stretch.marked) {
      summary.append(text.slice(position, start));
      element(summary, "span", text.slice(start, end), "highlighted");
      position = end;
    }
    summary.append(text.slice(position, stretch.to), stretch.to < text.length ? " …" : "");
    const seen = (localStorage.getItem(HIGHLIGHTED) ?? "").split(" ");
    localStorage.setItem(HIGHLIGHTED, [...new Set([...seen, ...stretch.marked.map(({ word }) => word)])].join(" ").trim());
  };

  // The title of what the page or entry is part of.
  const partOf = ({ docnames, titles }, { page, anchor }) => {
    if (anchor) return titles[page];
    const above = docnames.indexOf(docnames[page].replace(/\/[^/]*$/, "/index"));
    return above < 0 || above === page ? "" : titles[above];
  };

  const show = (index, result, worths) => {
    const address = index.docnames[result.page] + DOCUMENTATION_OPTIONS.LINK_SUFFIX;
    const item = element(Search.output, "li", "", result.anchor ? "kind-index" : "kind-text");
    const link = (parent, title, anchor) => {
      element(parent, "a", title).href = address + (anchor && `#${anchor}`);
    };
    link(item, result.title, result.anchor);
    const above = partOf(index, result);
    if (above) element(item, "span", above, "part-of");
    const summary = element(item, "p", "", "context");
    if (result.sections.length) {
      const list = element(item, "ul", "", "sections");
      for (const { title, anchor } of result.sections) link(element(list, "li"), title, anchor);
    }
    if (location.protocol === "file:") {
      summary.remove(); // a browser lets no page read another one
      return;
    }
    fetch(document.documentElement.dataset.content_root + index.docnames[result.page] + DOCUMENTATION_OPTIONS.FILE_SUFFIX)
      .then((response) => response.text())
      .then(
        (html) => showSummary(summary, new DOMParser().parseFromString(html, "text/html"), result, worths),
        () => summary.remove(),
      );
  };

  return (query) => {
    localStorage.removeItem(HIGHLIGHTED); // of an earlier search
    const { results, worths } = rankPages(Search._index, query);
    for (const result of results) show(Search._index, result, worths);
    _finishSearch(results.length);
  };
})();
