// [data-key="j"] on a link, a button or a field: pressing the key uses it while nothing is being written. "?" lists the keys.
// Ctrl or Cmd with Enter presses [data-key="ctrl+enter"], also from inside a field.

const WRITING = "input:not([type=checkbox], [type=radio], [type=submit], [type=button]), textarea, select, [contenteditable]";

function named(key) {
  return [...document.querySelectorAll("[data-key]")].find((each) => each.dataset.key === key && each.checkVisibility?.() !== false);
}

function use(target) {
  if (target.matches("input:not([type=radio], [type=checkbox]), textarea, select")) target.focus();
  else target.click();
}

function words(target) {
  const copy = target.cloneNode(true);
  for (const sign of copy.querySelectorAll("kbd")) sign.remove();
  return target.getAttribute("aria-label") || copy.textContent.trim() || target.labels?.[0]?.textContent.trim() || target.value || "";
}

function list() {
  const dialog = document.getElementById("keys-help");
  const place = dialog?.querySelector("[data-key-list]");
  if (!place) return;
  const lines = [...document.querySelectorAll("[data-key]")].map((each) => [each.dataset.key, words(each)]);
  lines.push(["?", place.dataset.wordsThis]);
  place.replaceChildren(
    ...lines.map(([key, what]) => {
      const row = document.createElement("div");
      const name = document.createElement("dt");
      const sign = document.createElement("kbd");
      sign.textContent = key === "ctrl+enter" ? "Ctrl ↵" : key.length === 1 ? key.toUpperCase() : key;
      name.append(sign);
      const meaning = document.createElement("dd");
      meaning.textContent = what;
      row.append(name, meaning);
      return row;
    }),
  );
  dialog.showModal();
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.isComposing || event.altKey) return;
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    const target = named("ctrl+enter");
    if (target) {
      event.preventDefault();
      use(target);
    }
    return;
  }
  if (event.ctrlKey || event.metaKey || event.target.closest?.(WRITING) || document.querySelector("dialog[open]")) return;
  if (event.key === "?") {
    if (document.querySelector("[data-key]")) list();
    return;
  }
  // event.code as well: with the Korean layout the key J gives ㅓ.
  const typed = event.key.toLowerCase();
  const physical = /^Key[A-Z]$/.test(event.code) ? event.code.slice(3).toLowerCase() : typed;
  const target = named(typed) || named(physical);
  if (!target) return;
  event.preventDefault();
  use(target);
});

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-keys-help]")) list();
});
