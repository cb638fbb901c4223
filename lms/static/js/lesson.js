// [data-lesson="address"]: a lesson tells the server that it was opened, and which heading was in view when it is left,
// so that its reader can go on there on any device. The outline marks the heading that is being read.

const text = document.querySelector("[data-lesson]");
const headings = text ? [...text.querySelectorAll("h2[id], h3[id]")] : [];
const links = new Map([...document.querySelectorAll("[data-headings] a")].map((link) => [decodeURIComponent(link.hash.slice(1)), link]));
let told = null;

// The last heading above the upper third of the window; "" while the reader is at the beginning.
function place() {
  const line = innerHeight / 3;
  let found = "";
  for (const heading of headings) {
    if (heading.getBoundingClientRect().top > line) break;
    found = heading.id;
  }
  return found;
}

function tell() {
  const now = place();
  if (now === told) return;
  told = now;
  const form = new FormData();
  form.set("csrf_token", document.querySelector('meta[name="csrf-token"]').content);
  form.set("place", now);
  navigator.sendBeacon(text.dataset.lesson, form);
}

function mark() {
  const now = place();
  let current = null;
  for (const heading of headings) {
    if (links.has(heading.id)) current = links.get(heading.id);
    if (heading.id === now) break;
  }
  for (const link of links.values()) {
    if (now && link === current) link.setAttribute("aria-current", "location");
    else link.removeAttribute("aria-current");
  }
}

if (text) {
  tell();
  mark();
  let waiting = false;
  addEventListener("scroll", () => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      mark();
    });
  }, { passive: true });
  addEventListener("pagehide", tell);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") tell();
  });
}
