// Streamlit's own words only: a text is replaced when all of it is a known sentence, never a part of it.
(function () {
  "use strict";
  const ATTRIBUTES = ["placeholder", "aria-label", "title"];
  const rules = PATTERNS.map(([pattern, sentence]) => [new RegExp(pattern), sentence]);

  function translated(text) {
    const trimmed = text.trim();
    if (!trimmed || trimmed.length > 160) return null;
    if (Object.hasOwn(WORDS, trimmed)) return text.replace(trimmed, () => WORDS[trimmed]);
    for (const [pattern, sentence] of rules) if (pattern.test(trimmed)) return trimmed.replace(pattern, sentence);
    return null;
  }

  function putText(node) {
    const found = translated(node.nodeValue);
    if (found !== null && found !== node.nodeValue) node.nodeValue = found;
  }

  function putAttributes(element) {
    for (const name of ATTRIBUTES) {
      const found = element.hasAttribute(name) ? translated(element.getAttribute(name)) : null;
      if (found !== null && found !== element.getAttribute(name)) element.setAttribute(name, found);
    }
  }

  function put(root) {
    if (root.nodeType === Node.TEXT_NODE) return putText(root);
    if (root.nodeType !== Node.ELEMENT_NODE || root.matches("script, style")) return;
    putAttributes(root);
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
    while (walker.nextNode()) {
      if (walker.currentNode.nodeType === Node.TEXT_NODE) putText(walker.currentNode);
      else putAttributes(walker.currentNode);
    }
  }

  function changed(records) {
    for (const record of records) {
      if (record.type === "childList") record.addedNodes.forEach(put);
      else if (record.type === "characterData") putText(record.target);
      else putAttributes(record.target);
    }
  }

  new MutationObserver(changed).observe(document.documentElement, {
    subtree: true, childList: true, characterData: true, attributes: true, attributeFilter: ATTRIBUTES,
  });
})();
