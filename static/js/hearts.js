// Hearts of what is saved are full. Pages are the same for everybody, so this browser remembers which, as long as somebody's
// session lasts here; the page of their list says all of them.
const full = slug => ` ${localStorage.hearts ?? ""} `.includes(` ${slug} `);
const told = () => {
  const list = document.querySelector("[data-hearts]"), added = document.querySelector("#toasts [data-added]")?.dataset.added;
  if (!cookie(document.querySelector("meta[name=vitrine]")?.dataset.pv)) delete localStorage.hearts;
  else if (list) localStorage.hearts = list.dataset.hearts;
  else if (added && !full(added)) localStorage.hearts = `${added} ${localStorage.hearts ?? ""}`;
  all("[data-heart]").forEach(each => {
    each.classList.toggle("saved", full(each.dataset.heart));
    if (full(each.dataset.heart)) each.ariaLabel = each.ariaLabel?.replace(/^Save /, "Saved: ");
  });
};
try { whenOpened(told); onSwap(told); } catch { /* a browser that keeps nothing */ }
