// form[data-marking]: sums as one marks, 1 to 9 choose a level of the criterion in hand, J and K go to another one, and leaving
// with unsaved marks asks first. Without it the form works the same, by mouse and Tab.

const form = document.querySelector("form[data-marking]");
const criteria = [...form.querySelectorAll("[data-criterion]")];
const typing = "textarea, input:not([type=radio], [type=checkbox])";
let changed = false;
let at = Math.max(0, criteria.findIndex((criterion) => !criterion.querySelector("[type=radio]:checked")));

const radios = (criterion) => [...criterion.querySelectorAll("[type=radio]")];
const chosen = (criterion) => criterion.querySelector("[type=radio]:checked");
const field = (criterion) => criterion.querySelector("[name^=points-]");

function points(criterion) {
  const input = field(criterion);
  if (input) return /^\d{1,6}$/.test(input.value.trim()) ? Number(input.value) : null;
  const level = chosen(criterion);
  return level ? Number(level.dataset.highest) : null;
}

function within(level, value) {
  return value !== null && Number(level.dataset.lowest) <= value && value <= Number(level.dataset.highest);
}

function fill(words, values) {
  return words.replace(/\{(\w+)\}/g, (_whole, name) => values[name]);
}

function show() {
  let sum = 0;
  let done = 0;
  for (const criterion of criteria) {
    const value = points(criterion);
    if (value !== null) {
      sum += value;
      done += 1;
    }
    const words = fill(form.dataset.wordsPoints, { points: value ?? "–", most: criterion.dataset.most });
    criterion.querySelector("[data-points-words]").textContent = words;
  }
  form.querySelector("[data-sum]").textContent = sum;
  form.querySelector("[data-decided]").textContent = fill(form.dataset.wordsDecided, { done, all: criteria.length });
}

// A level brings its best points, unless those written already lie inside it.
function choose(criterion, level) {
  level.checked = true;
  const input = field(criterion);
  if (input && !within(level, points(criterion))) input.value = level.dataset.highest;
  changed = true;
  show();
}

function take(index) {
  at = Math.min(Math.max(index, 0), criteria.length - 1);
  const criterion = criteria[at];
  const target = chosen(criterion) || radios(criterion)[0] || field(criterion);
  target.focus({ preventScroll: true });
  criterion.scrollIntoView({ block: "nearest" });
}

form.addEventListener("change", (event) => {
  const criterion = event.target.closest("[data-criterion]");
  if (criterion && event.target.type === "radio") choose(criterion, event.target);
});

form.addEventListener("input", (event) => {
  changed = true;
  const criterion = event.target.closest("[data-criterion]");
  if (!criterion || event.target !== field(criterion)) return;
  const level = radios(criterion).find((each) => within(each, points(criterion)));
  if (level && !(chosen(criterion) && within(chosen(criterion), points(criterion)))) level.checked = true;
  show();
});

form.addEventListener("focusin", (event) => {
  const index = criteria.indexOf(event.target.closest("[data-criterion]"));
  if (index >= 0) at = index;
});

form.addEventListener("click", (event) => {
  const step = event.target.closest("[data-step]");
  if (step) take(document.activeElement.closest?.("[data-criterion]") ? at + Number(step.dataset.step) : at);
});

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || !/^[1-9]$/.test(event.key)) return;
  if (event.target.matches?.(`${typing}, select`) || document.querySelector("dialog[open]")) return;
  const level = radios(criteria[at])[Number(event.key) - 1];
  if (!level) return;
  event.preventDefault();
  choose(criteria[at], level);
  level.focus({ preventScroll: true });
  criteria[at].scrollIntoView({ block: "nearest" });
});

form.addEventListener("submit", () => (changed = false));
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-leave]")) changed = false;
});
addEventListener("beforeunload", (event) => {
  if (changed) event.preventDefault();
});

show();
