// Runs before the first paint, hence not a module: the chosen brightness, and the mark that scripts work here.
(function () {
  "use strict";
  const root = document.documentElement;
  root.dataset.script = "on";
  try {
    const chosen = localStorage.getItem("theme");
    if (chosen === "light" || chosen === "dark") root.dataset.theme = chosen;
  } catch {
    // Storage is closed to us: the device decides.
  }
})();
