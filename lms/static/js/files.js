// input[type=file][data-files="id of a list"]: shows what was chosen, and says before sending when a file is too large
// (data-max-size in bytes, data-words-large). Files dropped on the box around it are taken, too.

const UNITS = [
  ["GB", 2 ** 30],
  ["MB", 2 ** 20],
  ["KB", 2 ** 10],
];

// As the server writes sizes.
function size(bytes) {
  const [unit, factor] = UNITS.find(([, least]) => bytes >= least) || ["B", 1];
  return `${(bytes / factor).toLocaleString(document.documentElement.lang, { maximumFractionDigits: 1 })} ${unit}`;
}

function icon(name, tone) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", tone ? "icon tone" : "icon");
  if (tone) svg.dataset.tone = tone;
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `#i-${name}`);
  svg.append(use);
  return svg;
}

function show(input) {
  const list = document.getElementById(input.dataset.files);
  if (!list) return;
  const most = Number(input.dataset.maxSize) || Infinity;
  list.replaceChildren(
    ...[...input.files].map((file) => {
      const large = file.size > most;
      const item = document.createElement("li");
      const name = document.createElement("span");
      name.textContent = file.name;
      const note = document.createElement("small");
      note.textContent = large ? `${size(file.size)} · ${input.dataset.wordsLarge}` : size(file.size);
      if (large) note.dataset.tone = "bad";
      else note.className = "help";
      item.append(large ? icon("alert", "bad") : icon("file"), name, note);
      return item;
    }),
  );
  list.hidden = input.files.length === 0;
  list.setAttribute("role", "status");
  const large = [...input.files].some((file) => file.size > most);
  input.setCustomValidity(large ? input.dataset.wordsLarge : "");
  if (large) input.setAttribute("aria-invalid", "true");
  else input.removeAttribute("aria-invalid");
}

document.addEventListener("change", (event) => {
  if (event.target.matches?.("input[type=file][data-files]")) show(event.target);
});

// A file that the server would refuse is not carried there first.
document.addEventListener(
  "submit",
  (event) => {
    const wrong = event.target.querySelector?.("input[type=file][data-files]:invalid");
    if (!wrong || !wrong.validationMessage || wrong.validity.valueMissing) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    wrong.focus();
  },
  true,
);

for (const type of ["dragover", "drop"]) {
  document.addEventListener(type, (event) => {
    const input = event.target.closest?.(".drop")?.querySelector("input[type=file]");
    if (!input || !event.dataTransfer) return;
    event.preventDefault();
    if (type !== "drop" || !event.dataTransfer.files.length) return;
    const taken = new DataTransfer();
    const files = [...event.dataTransfer.files];
    for (const file of input.multiple ? files : files.slice(0, 1)) taken.items.add(file);
    input.files = taken.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });
}
