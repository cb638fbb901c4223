// [data-until="ISO time" data-now="ISO time of the server when it wrote the page"]: the rest of the time, by the server's clock.
// data-submit="id of a form": it is sent at zero. A reader of the screen hears it at five minutes and at one.

const SAID_AT = [300, 60]; // seconds

function pad(number) {
  return String(number).padStart(2, "0");
}

function rest(seconds) {
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  return hours ? `${hours}:${pad(minutes)}:${pad(seconds % 60)}` : `${minutes}:${pad(seconds % 60)}`;
}

function start(timer) {
  timer.dataset.running = "yes";
  const until = Date.parse(timer.dataset.until);
  // performance.now() does not jump when somebody sets the clock; it counts from the start of loading.
  const began = Date.parse(timer.dataset.now) - performance.now();
  const words = timer.querySelector(".timer-words") || timer;
  const said = timer.querySelector("[data-timer-said]");
  let before = Infinity;

  function tick() {
    if (!timer.isConnected) return;
    const left = Math.max(0, Math.ceil((until - (began + performance.now())) / 1000));
    words.textContent = rest(left);
    timer.dataset.tone = left <= 60 ? "bad" : left <= 300 ? "warn" : "";
    const due = SAID_AT.find((at) => before > at && left <= at);
    if (said && due && left > 0 && before !== Infinity) said.textContent = said.dataset.words.replace("{minutes}", String(due / 60));
    before = left;
    if (left > 0) {
      setTimeout(tick, 1000 - ((began + performance.now()) % 1000));
      return;
    }
    if (said) said.textContent = said.dataset.wordsOver;
    const form = timer.dataset.submit && document.getElementById(timer.dataset.submit);
    if (form && !form.dataset.sent) form.requestSubmit();
  }

  tick();
}

function scan() {
  for (const timer of document.querySelectorAll("[data-until]:not([data-running])")) start(timer);
}

scan();
document.addEventListener("htmx:after:swap", scan);
