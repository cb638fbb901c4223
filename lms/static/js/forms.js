// What every form gets: it is sent once; the error summary has the focus; characters are counted; passwords can be shown;
// filters send themselves; htmx requests carry the forgery token.

// button[data-busy="words while on the way"]; every POST form is guarded against a second press,
// but for form[data-download]: its answer is a file, and the page stays.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post" || "download" in form.dataset) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  const button = event.submitter;
  // After the browser has read the form: a button that is marked earlier would still be sent, but stay true to order.
  setTimeout(() => {
    if (!button) return;
    button.setAttribute("aria-busy", "true");
    if (button.dataset.busy) {
      button.dataset.words = button.textContent;
      button.textContent = button.dataset.busy;
    }
  });
});

// Coming back with the back button shows the page as it was kept: forms can be sent again.
addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  for (const button of document.querySelectorAll('button[aria-busy="true"]')) {
    button.removeAttribute("aria-busy");
    if (button.dataset.words) button.textContent = button.dataset.words;
  }
});

// [data-focus]: the error summary.
const first = document.querySelector("[data-focus]");
if (first) first.focus();

// [data-count="id of the line"]: characters as a reader counts them, not as UTF-16 does.
document.addEventListener("input", (event) => {
  const line = event.target.dataset?.count && document.getElementById(event.target.dataset.count);
  if (!line) return;
  const now = [...event.target.value.replaceAll("\r\n", "\n")].length;
  line.textContent = line.dataset.words.replace("{now}", now.toLocaleString(document.documentElement.lang));
});

// [data-reveal="id of the password field"]
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-reveal]");
  if (!button) return;
  const field = document.getElementById(button.dataset.reveal);
  const show = field.type === "password";
  field.type = show ? "text" : "password";
  button.setAttribute("aria-pressed", String(show));
});

// form[data-autosubmit]: choosing sends; typing sends on Enter.
document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-autosubmit]");
  if (form && event.target.matches("select, input[type=checkbox], input[type=radio], input[type=date]")) form.requestSubmit();
});
document.addEventListener("submit", (event) => {
  if (!event.target.matches("form[data-autosubmit]")) return;
  // Empty filters would only lengthen the address.
  for (const field of event.target.elements) {
    if (!field.name || field.value !== "" || field.disabled) continue;
    field.disabled = true;
    field.dataset.leftOut = "yes";
  }
});
addEventListener("pageshow", () => {
  for (const field of document.querySelectorAll("[data-left-out]")) {
    field.disabled = false;
    delete field.dataset.leftOut;
  }
});

document.addEventListener("htmx:config:request", (event) => {
  const request = event.detail.ctx?.request;
  const token = document.querySelector('meta[name="csrf-token"]');
  if (request && token) request.headers["X-CSRFToken"] = token.content;
});
