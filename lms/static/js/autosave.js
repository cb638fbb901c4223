// form[data-autosave="address"]: what is typed is posted there at most every three seconds, and once more when the page is left.
// The form's [data-saved] line (or the page's) tells. When saving fails, a copy stays in this browser. It comes back on the next
// visit if the server still has what it had then, or has less; it leaves as soon as the server has it. Passwords and files are left out.
// input[type=hidden][data-was="name of a field"] says what the page showed there ("=…"), for the server to write only what this tab changed:
// it is true to what this tab has saved since, and empty while that cannot be known, because a save is on the way or failed.
// data-autosave-key names the copy; otherwise the address does. data-autosave-wait: milliseconds after a choice, where three seconds are long.

const EVERY = 3000; // milliseconds
const AGAIN = 10000;

const LEFT_OUT = new Set(["file", "hidden", "submit", "button", "reset", "password"]);

// What a form holds now, or what it held when the server wrote it: browsers fill fields again after a reload.
function textOf(form, asWritten = false) {
  const kept = new URLSearchParams();
  for (const field of form.elements) {
    if (!field.name || field.disabled || field.dataset.was || (LEFT_OUT.has(field.type) && field.type !== "hidden") || field.name === "csrf_token") continue;
    if (field.type === "checkbox" || field.type === "radio") {
      if (asWritten ? field.defaultChecked : field.checked) kept.append(field.name, field.value);
    } else if (field instanceof HTMLSelectElement) {
      const marked = [...field.options].filter((option) => (asWritten ? option.defaultSelected : option.selected));
      const chosen = marked.length || field.multiple ? marked : [...field.options].slice(0, 1);
      for (const option of chosen) kept.append(field.name, option.value);
    } else if ("value" in field) {
      kept.append(field.name, (asWritten ? field.defaultValue : field.value).replace(/\r?\n/g, "\r\n"));
    }
  }
  return kept.toString();
}

function shown(values, field) {
  return `=${values.getAll(field.dataset.was).join(" ")}`;
}

class Autosave {
  constructor(form) {
    this.form = form;
    this.url = form.dataset.autosave;
    this.key = `draft:${form.dataset.autosaveKey || this.url}`;
    this.line = form.querySelector("[data-saved]") || document.querySelector("[data-saved]");
    this.known = textOf(form, true);
    this.was = new Map([...form.querySelectorAll("[data-was]")].map((field) => [field, field.value]));
    this.timer = null;
    this.busy = false;
    this.saves = 0;
    form.addEventListener("formdata", ({ formData }) => {
      for (const [field, was] of this.was) formData.set(field.name, was);
    });
    form.addEventListener("input", () => this.later(EVERY));
    form.addEventListener("change", () => this.later(Number(form.dataset.autosaveWait) || EVERY));
    form.addEventListener("submit", (event) => {
      if (event.defaultPrevented) return;
      clearTimeout(this.timer);
      this.over = true;
    });
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "hidden") this.save(true);
    });
    addEventListener("pagehide", () => this.save(true));
    addEventListener("online", () => this.save());
    addEventListener("pageshow", () => (this.over = false));
    this.restore();
  }

  say(what) {
    if (!this.line) return;
    const time = new Date().toLocaleTimeString(document.documentElement.lang, { hour: "numeric", minute: "2-digit" });
    const words = { saving: "wordsSaving", saved: "wordsSaved", failed: "wordsFailed", restored: "wordsRestored" }[what];
    this.line.dataset.state = what;
    const place = this.line.querySelector("[data-saved-words]") || this.line;
    place.textContent = (this.line.dataset[words] || "").replace("{time}", time);
  }

  later(wait) {
    if (this.timer && wait >= this.wait) return;
    clearTimeout(this.timer);
    this.wait = wait;
    this.timer = setTimeout(() => this.save(), wait);
  }

  async save(leaving = false) {
    clearTimeout(this.timer);
    this.timer = null;
    const text = textOf(this.form);
    if (this.over || text === this.known || (this.busy && !leaving)) return;
    this.keep(text);
    this.busy = true;
    this.say("saving");
    const number = ++this.saves;
    const body = this.withWas(text);
    try {
      const token = document.querySelector('meta[name="csrf-token"]');
      const response = await fetch(this.url, {
        method: "POST",
        body,
        headers: { "Content-Type": "application/x-www-form-urlencoded", "X-CSRFToken": token ? token.content : "", "X-Autosave": "1" },
        keepalive: leaving && body.length < 60000, // browsers take 64 KiB at most on the way out
        redirect: "error", // a redirect is the sign-in page: not saved
      });
      if (!response.ok) throw new Error(String(response.status));
      this.known = text;
      if (number === this.saves) this.shows(text);
      this.forget();
      this.say("saved");
      this.form.dispatchEvent(new CustomEvent("autosaved", { bubbles: true }));
      if (textOf(this.form) !== text) this.later(EVERY);
    } catch {
      this.say("failed");
      this.later(AGAIN);
    } finally {
      this.busy = false;
    }
  }

  // What is sent: the text, with what the page showed. Until the answer is here, nobody knows what the server has of what differs.
  withWas(text) {
    const values = new URLSearchParams(text);
    const body = new URLSearchParams(text);
    for (const [field, was] of this.was) {
      body.append(field.name, was);
      if (was !== shown(values, field)) this.was.set(field, "");
    }
    return body.toString();
  }

  shows(text) {
    const values = new URLSearchParams(text);
    for (const [field, was] of this.was) if (was === "") this.was.set(field, shown(values, field));
  }

  keep(text) {
    try {
      localStorage.setItem(this.key, JSON.stringify({ text, base: this.known }));
    } catch {
      // Full or closed: the server's copy is the only one.
    }
  }

  forget() {
    try {
      localStorage.removeItem(this.key);
    } catch {
      // Nothing was kept.
    }
  }

  restore() {
    let copy = null;
    try {
      copy = JSON.parse(localStorage.getItem(this.key));
    } catch {
      return;
    }
    if (!copy) {
      if (textOf(this.form) !== this.known) this.later(EVERY);
      return;
    }
    if (copy.text === this.known || (copy.base !== this.known && copy.text.length <= this.known.length)) {
      this.forget();
      return;
    }
    const values = new URLSearchParams(copy.text);
    const before = new URLSearchParams(copy.base);
    for (const field of this.form.elements) {
      if (!field.name || field.name === "csrf_token" || LEFT_OUT.has(field.type)) continue;
      const all = values.getAll(field.name);
      if (all.join("\n") === before.getAll(field.name).join("\n")) continue; // not changed then: newer answers stay
      if (field.type === "checkbox" || field.type === "radio") field.checked = all.includes(field.value);
      else if (field instanceof HTMLSelectElement && field.multiple) for (const option of field.options) option.selected = all.includes(option.value);
      else if (all.length && "value" in field) field.value = all[0];
    }
    if (textOf(this.form) === this.known) {
      this.forget();
      return;
    }
    this.say("restored");
    this.later(0);
  }
}

function start() {
  for (const form of document.querySelectorAll("form[data-autosave]:not([data-autosaving])")) {
    form.dataset.autosaving = "yes";
    new Autosave(form);
  }
}

start();
document.addEventListener("htmx:after:swap", start);
