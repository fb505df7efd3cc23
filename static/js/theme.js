// Theme: the visitor's own, never in the page.
const root = document.documentElement;
const keptTheme = () => { try { return localStorage.getItem("theme") || ""; } catch { return ""; } };
const showTheme = () => {
  const theme = keptTheme();
  theme ? root.dataset.theme = theme : delete root.dataset.theme;
  all("input[name=theme]").forEach(input => { input.checked = input.value === theme; });
};
showTheme();
on("change", ({ target }) => {
  if (target.name !== "theme") return;
  try { localStorage.setItem("theme", target.value); } catch { /* storage is off: it lasts for this page */ }
  showTheme();
});
