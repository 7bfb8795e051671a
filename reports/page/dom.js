// SPDX-License-Identifier: Apache-2.0
// Elements whose text is text: nothing here, and nothing that uses it, can make markup of what a guest wrote.
function make(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (name === "text") element.textContent = value;
    else if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

// What a chart says where it is pointed at: a title, and lines of a name and a value.
function tip(title, lines) {
  const rows = lines
    .filter(([, value]) => value !== "" && value !== null && value !== undefined)
    .map(([name, value]) => make("tr", {}, make("th", { text: name }), make("td", { text: value })));
  return make("div", { class: "tip" }, make("b", { text: title }), make("table", {}, ...rows));
}

// Control characters, and those that turn the direction of what follows or break a line unseen, become visible: their
// bytes, as the rest of the report writes them.
function visible(text) {
  return String(text).replace(/[\u0000-\u0008\u000a-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g, (letter) =>
    [...new TextEncoder().encode(letter)].map((byte) => "\\x" + byte.toString(16).padStart(2, "0")).join(""));
}

function shortened(text, most) {
  const shown = visible(text);
  return shown.length <= most ? shown : shown.slice(0, most - 1) + "…";
}
