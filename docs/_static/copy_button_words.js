// sphinx-copybutton speaks a few languages only. This gives it the words of the page's catalogue (sphinx.po, through
// translations.js). It has to be loaded after copybutton.js, before the page is ready.
/* global _, iconCheck:writable, iconCopy:writable, locale, messages */
(() => {
  const words = {
    copy: _("Copy"),
    copy_to_clipboard: _("Copy to clipboard"),
    copy_success: _("Copied!"),
    copy_failure: _("Failed to copy"),
  };
  iconCheck = iconCheck.replace(messages[locale].copy_success, words.copy_success);
  iconCopy = iconCopy.replace(messages[locale].copy_to_clipboard, words.copy_to_clipboard);
  Object.assign(messages[locale], words);
})();
