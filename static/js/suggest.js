// Search suggestions: the ARIA combobox pattern; without this script the field is a plain search field.
const search = document.querySelector("[data-suggest]"), list = byId("suggest");
const options = () => all("[role=option]", list);
const choose = option => {
  options().forEach(each => each.setAttribute("aria-selected", each === option));
  option ? search.setAttribute("aria-activedescendant", option.id) : search.removeAttribute("aria-activedescendant");
};
const showSuggestions = () => {
  search.ariaExpanded = String(options().length > 0);
  search.removeAttribute("aria-activedescendant");
  byId("suggest-said").textContent = options().length ? `${options().length} suggestions` : "";
};
const keys = event => {
  const found = options(), now = found.findIndex(each => each.ariaSelected === "true");
  if (event.key === "Escape") { list.replaceChildren(); showSuggestions(); event.preventDefault(); }
  if (event.key === "Enter" && now >= 0) { event.preventDefault(); location.assign(found[now].href); }
  const move = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!move || !found.length) return;
  event.preventDefault();
  // One place beyond either end is the field itself, with nothing chosen.
  choose(found[(now + 1 + move + found.length + 1) % (found.length + 1) - 1]);
};
if (search && list) {
  for (const [name, value] of Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-controls": "suggest", "aria-expanded": "false" }))
    search.setAttribute(name, value);
  on("keydown", keys, search);
  onSwap(ctx => ctx.target?.id === "suggest" && showSuggestions());
  // In the one spelling that the shop answers without a detour.
  on("htmx:config:request", ({ detail: { ctx } }) => ctx.request.body.set("q", search.value.trim().toLowerCase().replace(/\s+/g, " ")), search);
}
