// Which pages and sections answer a query, best first.
//
// BM25 over the index of search_sections.py: a section counts by how much it is about each term of the query,
// rare terms more than common ones, and a page by all its sections together and by its best one. A page
// need not have every term: a pasted error message or a question in a reader's own words seldom allows that.
// `worths` says what each term of the index counts in this query: the summaries mark the words that count.
// The build puts two lists in front: `searchSynonyms`, pairs of a wording and that of our pages, and
// `searchWeights`, pairs of the start of a page's name and what the page counts.

const rankPages = (() => {
  const STEPS = 7; // of the index
  const PHRASE = 0.5; // its words count besides
  const SYNONYM = 0.8;
  const OTHER_MARKS = 0.3; // the reader typed other marks than the page has
  const BEGINNING = 0.5; // "grad_f" finds grad_fn
  const WITHIN = 0.3;
  const LEAST = 0.35; // of the best page's score
  const MOST = 12; // each page shown is one more to fetch
  const SECTIONS = 3; // of a page
  const QUOTED = 3; // words in a row are taken as a quotation
  const LEAST_SECTION = 0.5; // of the page's best section's score

  const sum = (numbers) => [...numbers].reduce((all, one) => all + one, 0);
  const isPhrase = (term) => term.includes(" ");
  const wholeTerms = (text) => searchTerms.of(text).filter(([, part]) => part === 1).map(([term]) => term);
  const weightOf = (name) => searchWeights.find(([start]) => name.startsWith(start))?.[1] ?? 1;

  const plain = (text) => ` ${wholeTerms(text).filter((term) => !isPhrase(term)).join(" ")} `;

  const aloud = (text) =>
    ` ${searchTerms.fold(text.toLowerCase()).match(/[\p{L}\p{N}_]+/gu)?.join(" ") ?? ""} `;

  // Term without marks -> the terms of the index.
  let folded = null;
  const foldedTerms = (index) => {
    if (folded) return folded;
    folded = new Map();
    for (const term of Object.keys(index.postings)) {
      const bare = searchTerms.fold(term);
      if (folded.has(bare)) folded.get(bare).push(term);
      else folded.set(bare, [term]);
    }
    return folded;
  };

  // What the query asks for: term -> what it counts, and whether its marks are meant.
  const termsOf = (query) => {
    const wanted = new Map();
    const want = (text, weight, exact) => {
      for (const [term, part] of searchTerms.of(text)) {
        const value = weight * part * (isPhrase(term) ? PHRASE : 1);
        if (!(wanted.get(term)?.weight >= value)) wanted.set(term, { weight: value, exact });
      }
    };
    const asked = plain(query);
    const said = [...new Set(searchSynonyms.flat().map(plain))].filter((wording) => asked.includes(wording));
    for (const [wording, ours] of searchSynonyms) {
      const heard = plain(wording);
      if (!said.includes(heard) || asked.includes(plain(ours))) continue;
      // A leaf is not asked for by who asks for leaf tensors.
      if (!said.some((other) => other !== heard && other.includes(heard))) want(ours, SYNONYM, true);
    }
    const typed = query.normalize("NFC").toLowerCase();
    want(query, 1, searchTerms.fold(typed) !== typed);
    // "zero grad" means zero_grad too.
    const words = typed.match(/[\p{L}\p{N}_]+/gu) ?? [];
    words.forEach((_, start) => {
      for (let end = start + 2; end <= Math.min(start + 4, words.length); end++)
        // "gradient of" is the beginning of a question, not gradient_of.
        if (!stopwords.has(words[end - 1])) wanted.set(words.slice(start, end).join("_"), { weight: 1, name: true });
    });
    return wanted;
  };

  // The terms of the index that a term of the query means, as pairs with what each counts.
  const meant = (index, term, { exact, name }) => {
    if (name) return Object.hasOwn(index.postings, term) ? [[term, 1]] : [];
    const all = foldedTerms(index);
    const bare = searchTerms.fold(term);
    if (all.has(bare)) return all.get(bare).map((one) => [one, !exact || one === term ? 1 : OTHER_MARKS]);
    if (bare.length < 3 || isPhrase(bare)) return [];
    const like = (test) => [...all].filter(([key]) => !isPhrase(key) && test(key)).flatMap(([, terms]) => terms);
    const begun = like((key) => key.startsWith(bare));
    if (begun.length) return begun.map((one) => [one, BEGINNING]);
    return like((key) => key.includes(bare)).map((one) => [one, WITHIN]);
  };

  // Section -> how much it is about any of some terms, from 0 to 1.
  const aboutness = (index, terms) => {
    const found = new Map();
    for (const [term, share] of terms) {
      let section = 0;
      for (const number of index.postings[term]) {
        section += Math.floor(number / (STEPS + 1));
        const impact = (share * (number % (STEPS + 1))) / STEPS;
        if (!(found.get(section) >= impact)) found.set(section, impact);
      }
    }
    return found;
  };

  return (index, query) => {
    const values = new Map(); // term of the query -> what it counts
    const worths = new Map(); // term of the index -> what it counts
    const scores = new Map(); // section -> score
    const pages = new Map(); // page -> score of all its sections together
    for (const [term, wanted] of termsOf(query)) {
      const terms = meant(index, term, wanted);
      const found = aboutness(index, terms);
      if (!found.size) continue;
      const without = index.sections.length - found.size;
      const value = wanted.weight * Math.log(1 + (without + 0.5) / (found.size + 0.5));
      values.set(term, value);
      for (const [one, share] of terms) worths.set(one, Math.max(worths.get(one) ?? 0, share * value));
      const elsewhere = new Map(); // page -> how little it is about the term
      for (const [section, impact] of found) {
        const [page, , , entry] = index.sections[section];
        scores.set(section, (scores.get(section) ?? 0) + value * impact);
        if (!entry) elsewhere.set(page, (elsewhere.get(page) ?? 1) * (1 - impact));
      }
      for (const [page, rest] of elsewhere) pages.set(page, (pages.get(page) ?? 0) + value * (1 - rest));
    }
    const all = sum(values.values());
    // A heading that the query has whole is what the query is about, the more so the less else it asks.
    const named = (title) => {
      const own = [...new Set(wholeTerms(title))].map((term) => worths.get(term) ?? 0);
      return own.length && own.every(Boolean) ? (sum(own) * Math.min(sum(own), all)) / all : 0;
    };

    // A part of a sentence is about that sentence. A word or two are no part of one: they ask for an explanation.
    const asked = plain(query);
    const short = asked.trim().split(" ").length < QUOTED;
    const quoted = (wording) => (!short && plain(wording).includes(asked) ? all : 0);
    // A question is asked word for word, with its small words: "gradient of a gradient" is more than "gradient".
    const said = aloud(query);
    const saidIn = (wording) => said.includes(aloud(wording));

    const results = [];
    const answering = new Map(); // page -> its sections, best first
    for (const [number, score] of [...scores].sort((a, b) => b[1] - a[1] || a[0] - b[0])) {
      const [page, anchor, title, entry, also] = index.sections[number];
      if (!entry) answering.set(page, [...(answering.get(page) ?? []), { anchor, title, score, also }]);
      else {
        const heading = Math.max(...[title, ...(also ?? [])].map((wording) => named(wording) + quoted(wording)));
        results.push({ page, anchor, title, score: (also && short ? 0.5 : 2) * score, heading, sections: [] });
      }
    }
    for (const [page, sections] of answering) {
      const [{ score: best }] = sections;
      const title = index.titles[page];
      const questions = sections.flatMap(({ also }) => also ?? []).filter(saidIn);
      const heading = Math.max(...[title, ...sections.map((one) => one.title), ...questions].map(named));
      const shown = sections.filter(({ anchor, score }) => anchor && score >= LEAST_SECTION * best);
      results.push({ page, anchor: "", title, score: pages.get(page) + best, heading, sections: shown.slice(0, SECTIONS) });
    }
    const total = ({ page, score, heading }) => weightOf(index.docnames[page]) * (score + heading);
    const best = Math.max(...results.map(({ score }) => score));
    const shown = results
      .filter((one) => total(one) >= LEAST * best)
      .sort((a, b) => total(b) - total(a) || a.page - b.page)
      .slice(0, MOST);
    return { results: shown, worths };
  };
})();
