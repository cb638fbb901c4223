// [data-menu] (details): closes on Escape, on a click elsewhere and when the focus leaves.
// [data-dismiss] in a toast takes it away. [data-toasts]: good news leave by themselves after a while, unless looked at.

const GOOD_NEWS_STAYS = 8000; // milliseconds

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of document.querySelectorAll("details[data-menu][open]")) {
    const inside = menu.contains(document.activeElement);
    menu.open = false;
    if (inside) menu.querySelector("summary").focus();
  }
});

function closeOthers(target) {
  for (const menu of document.querySelectorAll("details[data-menu][open]")) {
    if (!menu.contains(target)) menu.open = false;
  }
}

document.addEventListener("click", (event) => {
  closeOthers(event.target);
  const dismiss = event.target.closest("[data-dismiss]");
  if (dismiss) dismiss.closest(".toast").remove();
});
document.addEventListener("focusin", (event) => closeOthers(event.target));

function leaveLater(toast) {
  setTimeout(() => {
    if (toast.matches(":hover, :focus-within")) leaveLater(toast);
    else toast.remove();
  }, GOOD_NEWS_STAYS);
}

for (const toast of document.querySelectorAll('[data-toasts] .toast[data-tone="good"], [data-toasts] .toast[data-tone="message"]')) {
  leaveLater(toast);
}

// Tabs that find no room in one line scroll; the current one is in sight.
for (const tabs of document.querySelectorAll(".tabs")) {
  const current = tabs.querySelector("[aria-current]");
  if (current && tabs.scrollWidth > tabs.clientWidth) {
    tabs.scrollLeft = current.offsetLeft - tabs.offsetLeft - (tabs.clientWidth - current.offsetWidth) / 2;
  }
}
