// [data-more="id"] (a list in one line): what finds no room moves into the menu of that id, which shows only then.
// The current entry stays in sight. Without script the list scrolls.

function arrange(list, menu) {
  const drawer = menu.querySelector("ul");
  list.append(...drawer.children);
  menu.hidden = true;
  if (list.scrollWidth <= list.clientWidth) return;
  menu.hidden = false;
  const entries = [...list.children];
  while (list.scrollWidth > list.clientWidth && entries.length) {
    const last = entries.pop();
    if (!last.querySelector("[aria-current]")) drawer.prepend(last);
  }
}

for (const list of document.querySelectorAll("[data-more]")) {
  const menu = document.getElementById(list.dataset.more);
  if (menu) new ResizeObserver(() => arrange(list, menu)).observe(list.parentElement);
}
