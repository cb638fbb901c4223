// form[data-preview="address"]: a moment after the last change the form is sent there, and from the page that comes back we take
// the parts marked [data-preview-part] (one with a value only if the value differs), and what is said at each field.
// What is typed is never touched. Without this module a button does the same.

const PAUSE = 800; // milliseconds

class Preview {
  constructor(form) {
    this.form = form;
    this.timer = null;
    this.asked = 0;
    form.addEventListener("input", (event) => event.target.type !== "file" && this.later());
    form.addEventListener("change", () => this.later());
  }

  later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.draw(), PAUSE);
  }

  async draw() {
    const number = ++this.asked;
    this.form.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(this.form.dataset.preview, { method: "POST", body: new FormData(this.form) });
      if (number !== this.asked) return; // something was changed meanwhile
      if (answer.ok && !answer.redirected) this.take(new DOMParser().parseFromString(await answer.text(), "text/html"));
    } catch {
      // No network: the last picture stays, and the button is still there.
    } finally {
      if (number === this.asked) this.form.removeAttribute("aria-busy");
    }
  }

  take(page) {
    for (const part of this.form.querySelectorAll("[data-preview-part]")) {
      const next = page.getElementById(part.id);
      if (next && (!part.dataset.previewPart || part.dataset.previewPart !== next.dataset.previewPart)) part.replaceWith(next);
    }
    for (const name of ["seal_aside", "worded_for"]) this.take_value(page, name);
    for (const field of this.form.querySelectorAll(".field, fieldset")) this.say(field, page);
  }

  take_value(page, name) {
    const [mine, theirs] = [this.form.elements[name], page.querySelector(`[name="${name}"]`)];
    if (mine && theirs) mine.value = theirs.value;
  }

  say(field, page) {
    const control = field.matches("fieldset") ? field : field.querySelector("input, select, textarea");
    const there = control?.id && page.getElementById(control.id);
    if (!there) return;
    const said = page.getElementById(`${control.id}-error`);
    document.getElementById(`${control.id}-error`)?.remove();
    if (said) (field.querySelector(".help") || field.querySelector("label, legend")).after(said);
    for (const name of ["aria-invalid", "aria-describedby"]) {
      if (there.hasAttribute(name)) control.setAttribute(name, there.getAttribute(name));
      else control.removeAttribute(name);
    }
  }
}

for (const form of document.querySelectorAll("form[data-preview]")) new Preview(form);
