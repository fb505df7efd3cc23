// Light, dark or as the system has it: the visitor's own, never in the page; theme.js shows it on the next one.
const { dataset } = document.documentElement;
const showTheme = () => all("input[name=theme]").forEach(input => { input.checked = input.value === (dataset.theme ?? ""); });
showTheme();
on("change", ({ target }) => {
  if (target.name !== "theme") return;
  dataset.theme = target.value;
  try { localStorage.theme = target.value; } catch { /* storage is off: it lasts for this page */ }
});
