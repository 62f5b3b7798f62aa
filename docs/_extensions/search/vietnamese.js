// The term of a Vietnamese syllable: what syllable() in vietnamese_search.py makes of it.

var Stemmer = function () {
  const tones = { "\u0301": "'", "\u0300": "`", "\u0309": "?", "\u0303": "~", "\u0323": "." };
  this.stemWord = (word) => {
    let letters = "";
    let tone = "";
    for (const character of word.toLowerCase().normalize("NFD"))
      if (character in tones) tone = tones[character];
      else letters += character;
    return letters.normalize("NFC") + tone;
  };
};
