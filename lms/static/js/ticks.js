// Rows to choose: [data-tick] on each row's box, [data-tick-all] in the head, [data-tick-none], and [data-bulk] with
// [data-bulk-count data-words="{count} chosen"], which is there while something is chosen. Shift chooses a range.

let last = null;

const all = () => [...document.querySelectorAll("[data-tick]")];

function show() {
  const ticks = all();
  const chosen = ticks.filter((tick) => tick.checked).length;
  for (const head of document.querySelectorAll("[data-tick-all]")) {
    head.checked = chosen > 0 && chosen === ticks.length;
    head.indeterminate = chosen > 0 && chosen < ticks.length;
  }
  for (const bar of document.querySelectorAll("[data-bulk]")) bar.hidden = chosen === 0;
  for (const line of document.querySelectorAll("[data-bulk-count]")) {
    line.textContent = line.dataset.words.replace("{count}", chosen.toLocaleString(document.documentElement.lang));
  }
}

document.addEventListener("click", (event) => {
  const tick = event.target.closest?.("[data-tick]");
  if (tick) {
    const ticks = all();
    if (event.shiftKey && last && ticks.includes(last)) {
      const [from, to] = [ticks.indexOf(last), ticks.indexOf(tick)].sort((a, b) => a - b);
      for (const between of ticks.slice(from, to + 1)) between.checked = tick.checked;
    }
    last = tick;
    show();
  }
  const head = event.target.closest?.("[data-tick-all]");
  if (head || event.target.closest?.("[data-tick-none]")) {
    for (const each of all()) each.checked = Boolean(head && head.checked);
    show();
  }
});

show();
addEventListener("pageshow", show);
document.addEventListener("htmx:after:swap", show);
