// SPDX-License-Identifier: Apache-2.0
// Light and dark: as the reader's system has it until the button says otherwise. The dark colours are a style sheet of
// their own, whose condition the button changes; the charts take their colours from the style sheets.
const kDarkAsAsked = "screen and (prefers-color-scheme: dark)";
const dark_sheet = document.getElementById("dark");
const dark_asked = matchMedia(kDarkAsAsked);

function is_dark() {
  return matchMedia(dark_sheet.media).matches;
}

function colours() {
  const style = getComputedStyle(document.documentElement);
  const named = (name) => style.getPropertyValue("--" + name).trim();
  const phases = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11].map((index) => named("p" + index));
  return {
    paper: named("paper"), raised: named("raised"), ink: named("ink"), muted: named("muted"), line: named("line"),
    hair: named("hair"), good: named("good"), bad: named("bad"), warn: named("warn"), dim: named("dim"),
    runs: [named("run-a"), named("run-b")], phases, sans: named("sans"), mono: named("mono"),
  };
}

function add_theme_button(toolbar, changed) {
  const button = make("button", { type: "button", class: "tool" });
  const show = () => {
    button.textContent = is_dark() ? "Light" : "Dark";
    button.setAttribute("aria-label", is_dark() ? "Show in light colours" : "Show in dark colours");
  };
  button.addEventListener("click", () => {
    dark_sheet.media = is_dark() ? "not all" : "screen";
    show();
    changed();
  });
  dark_asked.addEventListener("change", () => {
    show();
    changed();
  });
  show();
  toolbar.append(button);
}
