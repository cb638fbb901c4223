// [data-rotating="address of the part"]: fetches the part anew when [data-next] seconds inside it are over; [data-rest] counts down meanwhile.

const frame = document.querySelector("[data-rotating]");
const AGAIN = 3; // seconds, when the server did not answer

function wait(seconds) {
  const began = performance.now();
  const bar = frame.querySelector("[data-rest]");
  const from = bar ? Number(bar.value) : 0;

  function tick() {
    const passed = (performance.now() - began) / 1000;
    if (bar) bar.value = Math.max(0, from - passed);
    if (passed < seconds) setTimeout(tick, Math.min(250, (seconds - passed) * 1000));
    else fetchAnew();
  }

  tick();
}

async function fetchAnew() {
  try {
    const answer = await fetch(frame.dataset.rotating, { headers: { Accept: "text/html" }, redirect: "error" });
    if (!answer.ok) throw new Error(String(answer.status));
    frame.innerHTML = await answer.text();
    wait(Number(frame.querySelector("[data-next]")?.dataset.next) || AGAIN);
  } catch {
    if (!frame.querySelector("[data-failed]")) {
      const said = document.createElement("p");
      said.dataset.failed = "";
      said.className = "beamer-say";
      said.setAttribute("role", "status");
      said.textContent = frame.dataset.wordsFailed;
      frame.replaceChildren(said);
    }
    setTimeout(fetchAnew, AGAIN * 1000);
  }
}

if (frame) wait(Number(frame.querySelector("[data-next]")?.dataset.next) || AGAIN);
