// The badge of a page that waited (HTTP cache, back-forward cache, prerender, prefetch, another tab) may be old.
// `pv` changes with the cart and `cc` is its count; the badge fetches itself anew when told that it is stale.
const names = document.querySelector("meta[name=vitrine]")?.dataset ?? {};
let seen = cookie(names.pv);
const look = () => {
  const badge = byId("cart-badge");
  if (!badge || document.prerendering || cookie(names.pv) === seen && +badge.dataset.units === parseInt(cookie(names.cc) ?? "0")) return;
  seen = cookie(names.pv);
  htmx.trigger(badge, "stale");
};
// htmx starts in a timer, which may come after this event.
on("pageshow", () => setTimeout(look), window);
on("prerenderingchange", look);
on("visibilitychange", () => document.hidden || look());
onSwap(ctx => { if (ctx.request.method !== "GET") seen = cookie(names.pv); });
