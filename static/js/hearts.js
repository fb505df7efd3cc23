// Hearts of what is saved are full, and take it off again. Pages are the same for everybody, so this browser remembers which, as
// long as somebody's session lasts here; the page of their list says all of them.
const told = () => {
  const list = document.querySelector("[data-hearts]"), { added, gone } = document.querySelector("#toasts [data-testid=saved]")?.dataset ?? {};
  if (!cookie(document.querySelector("meta[name=vitrine]")?.dataset.pv)) delete localStorage.hearts;
  let full = (list?.dataset.hearts ?? localStorage.hearts ?? "").split(" ");
  if (added ?? gone) full = [added, ...full.filter(each => each !== (added ?? gone))];
  localStorage.hearts = full.join(" ").trim();
  all("[data-heart]").forEach(each => {
    const slug = each.value = each.dataset.heart;
    each.name = full.includes(slug) ? "remove" : "product";
    each.setAttribute("aria-pressed", full.includes(slug));
  });
};
try { whenOpened(told); onSwap(told); } catch { /* a browser that keeps nothing */ }
