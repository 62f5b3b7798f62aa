// How the site's search chooses, ranks and shows pages, in every language.
//
// Sphinx asks for pages with all words of a query, which a pasted error message or a question in a
// reader's own words seldom meets, and gives each the score of its best word. Sphinx has no hook for
// either, so three functions of its Search object are replaced here; index, page and texts stay.
// The build puts two lists in front: `searchSynonyms`, pairs of a wording and that of our pages, and
// `searchWeights`, pairs of the start of a page's name and what the page counts.

Object.assign(Search, (() => {
  const PAIR = 2; // two neighbouring syllables say more than each of them
  const SYNONYM = 0.8;
  const PARTIAL = 0.4; // "grad_f" finds grad_fn
  const FULL_MATCH = 15; // the score of a page that has every term, none of them in a title
  const DEFINITION = 0.7; // an entry of the glossary, against the title of a page
  const LEAST = 0.45; // of the best page's score
  const MOST = 20; // each result shown is one more page to fetch
  const EXCERPT = 240; // characters

  const stemmer = () => new Stemmer();
  const words = (text) =>
    Array.from(text.normalize("NFC").matchAll(/[\p{L}\p{N}_]+/gu), (match) => ({
      start: match.index,
      end: match.index + match[0].length,
      word: match[0].toLowerCase(),
    }));

  const termsOf = (text) => {
    const stem = stemmer();
    return splitQuery(text.normalize("NFC").trim())
      .map((term) => term.toLowerCase())
      .filter((term) => !stopwords.has(term) && !/^\d+$/.test(term))
      .map((term) => stem.stemWord(term));
  };

  // The wordings of our pages for the wordings of the query.
  const synonymsOf = (query) => {
    const stem = stemmer();
    const plain = (text) => ` ${words(text).map(({ word }) => stem.stemWord(word)).join(" ")} `;
    const asked = plain(query);
    return searchSynonyms
      .filter(([wording, ours]) => asked.includes(plain(wording)) && !asked.includes(plain(ours)))
      .map(([, ours]) => ours);
  };

  // Sphinx would put these before every page and knows them only as written.
  let entries = {};
  const takeEntries = () => {
    if (!Object.keys(Search._index.indexentries).length) return;
    entries = Search._index.indexentries;
    Search._index.indexentries = {};
  };

  let weights = new Map(); // term of the query -> what it counts

  const parseQuery = (query) => {
    const normal = query.normalize("NFC");
    takeEntries();
    weights = new Map();
    localStorage.removeItem("sphinx_highlight_terms"); // of an earlier search
    for (const ours of synonymsOf(normal)) for (const term of termsOf(ours)) weights.set(term, SYNONYM);
    for (const term of termsOf(normal)) weights.set(term, 1);
    for (const [term, weight] of weights) if (term.includes(" ")) weights.set(term, weight * PAIR);
    const objectTerms = new Set(splitQuery(normal.toLowerCase().trim()));
    return [normal, new Set(weights.keys()), new Set(), new Set(), objectTerms];
  };

  const filesOf = (map, term) =>
    Object.hasOwn(map, term) ? [].concat(map[term]) : [];

  // The files that have a term: in the text, in titles, and what finding it there counts.
  const lookUp = (term) => {
    const { terms, titleterms } = Search._index;
    const found = { text: filesOf(terms, term), titles: filesOf(titleterms, term), part: 1 };
    if (found.text.length || found.titles.length || term.length < 3 || term.includes(" ")) return found;
    for (const [map, files] of [[terms, found.text], [titleterms, found.titles]])
      for (const known of Object.keys(map))
        if (!known.includes(" ") && known.includes(term)) files.push(...filesOf(map, known));
    return { ...found, part: PARTIAL };
  };

  const weightOf = (name) =>
    searchWeights.find(([start]) => name.startsWith(start))?.[1] ?? 1;

  const performTermsSearch = () => {
    const { docnames, filenames, titles, alltitles } = Search._index;
    const values = new Map(); // term -> what it counts, more if few pages have it
    const pages = new Map(); // file -> what its terms count, and what those in titles count besides
    let all = 0;
    for (const [term, weight] of weights) {
      const { text, titles: inTitles, part } = lookUp(term);
      const files = new Set([...text, ...inTitles]);
      if (!files.size) continue;
      const value = weight * part * Math.log(1 + docnames.length / files.size) ** 2;
      values.set(term, value);
      all += value;
      const titled = new Set(inTitles);
      for (const file of files) {
        const page = pages.get(file) ?? { covered: 0, titled: 0 };
        page.covered += value;
        if (titled.has(file)) page.titled += value;
        pages.set(file, page);
      }
    }
    if (!all) return [];
    const result = (file, title, anchor, score, kind) =>
      [docnames[file], title, anchor, null, Math.round(10 * score) / 10, filenames[file], kind];
    const best = Math.max(...[...pages.values()].map((page) => page.covered));
    const results = [...pages]
      .filter(([, page]) => page.covered >= LEAST * best)
      .map(([file, page]) => {
        const score = (weightOf(docnames[file]) * (page.covered + page.titled)) / all;
        return result(file, titles[file], "", FULL_MATCH * score, SearchResultKind.text);
      });
    const headings = Object.entries(alltitles).flatMap(([title, places]) =>
      places.map(([file, id]) => [title, file, id, titles[file] === title]));
    const definitions = Object.entries(entries).flatMap(([entry, places]) =>
      places.filter(([, , main]) => main).map(([file, id]) => [entry, file, id, false]));
    for (const [list, kind] of [[headings, SearchResultKind.title], [definitions, SearchResultKind.index]])
      for (const [title, file, id, main] of list) {
        const own = new Set(termsOf(title));
        const shared = [...own].filter((term) => values.has(term));
        const covered = shared.reduce((sum, term) => sum + values.get(term), 0) / all;
        if (covered < 0.5) continue;
        const score = 2 * FULL_MATCH * covered + (3 * shared.length) / own.size + (main ? 1 : 0);
        const weight = kind === SearchResultKind.index ? DEFINITION : weightOf(docnames[file]);
        const name = main ? title : `${titles[file]} > ${title}`;
        results.push(result(file, name, id === null ? "" : `#${id}`, weight * score, kind));
      }
    return results.sort((a, b) => b[4] - a[4]).slice(0, MOST);
  };

  // The stretch of a page with most of the query in it, as [start, end, places to mark].
  const bestStretch = (text, terms) => {
    const stem = stemmer();
    const found = words(text).map((place) => ({ ...place, stem: stem.stemWord(place.word) }));
    const asked = ({ stem: whole }) => terms.has(whole) || termsOf(whole).some((part) => terms.has(part));
    const paired = new Set();
    found.forEach((place, i) => {
      if (i && terms.has(`${found[i - 1].stem} ${place.stem}`)) paired.add(i - 1).add(i);
    });
    const hits = found.filter((place, i) => (paired.size ? paired.has(i) : asked(place)));
    let start = 0;
    let most = 0;
    hits.forEach((hit, i) => {
      const within = hits.slice(i).filter(({ end }) => end <= hit.start + EXCERPT / 2);
      const kinds = new Set(within.map((place) => place.stem)).size;
      if (kinds > most) [most, start] = [kinds, Math.max(hit.start - EXCERPT / 4, 0)];
    });
    const spot = start && text.indexOf(" ", start) + 1;
    const end = Math.min(spot + EXCERPT, text.length);
    return [spot, end, hits.filter((hit) => hit.start >= spot && hit.end <= end)];
  };

  const makeSearchSummary = (htmlText, terms, anchor) => {
    const text = Search.htmlToText(htmlText, anchor).normalize("NFC").replace(/\s+/g, " ").trim();
    if (!text) return document.createDocumentFragment();
    const [start, end, hits] = bestStretch(text, terms);
    const summary = document.createElement("p");
    summary.classList.add("context");
    let position = start;
    summary.append(start ? "… " : "");
    for (const hit of hits) {
      const mark = document.createElement("span");
      mark.classList.add("highlighted");
      mark.textContent = text.slice(hit.start, hit.end);
      summary.append(text.slice(position, hit.start), mark);
      position = hit.end;
    }
    summary.append(text.slice(position, end), end < text.length ? " …" : "");
    const seen = (localStorage.getItem("sphinx_highlight_terms") ?? "").split(" ");
    const marked = new Set([...seen, ...hits.map((hit) => hit.word)]);
    localStorage.setItem("sphinx_highlight_terms", [...marked].join(" ").trim());
    return summary;
  };

  return { _parseQuery: parseQuery, performTermsSearch, makeSearchSummary };
})());
