/**
 * Builds elements. Text becomes text, whatever it holds: node ids, keys and sentences come from
 * outside, and nothing here or anywhere on this page parses HTML.
 */
export function element(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name === 'class') {
      made.className = value;
    } else if (name === 'data') {
      Object.assign(made.dataset, value);
    } else {
      made.setAttribute(name, value);
    }
  }
  made.append(...children);
  return made;
}

/** Sets text only where it differs, so that a selection and a screen reader's place stay. */
export function setText(node, text) {
  if (node.textContent !== text) {
    node.textContent = text;
  }
}
